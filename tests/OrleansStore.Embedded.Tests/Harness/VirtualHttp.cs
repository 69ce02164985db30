using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansStore.Embedded.Testing;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>The network between clients and the facades of <see cref="VirtualDatacenters"/>: requests and answers take their time, are late, or are lost with their connection.</summary>
/// <remarks>Answers and failures arrive from timers, outside of any process: the code of clients goes on right there, as it leaves every scheduler behind.</remarks>
internal sealed class VirtualHttp(VirtualDatacenters store, SplitMix64 random)
{
    // Of a thousand requests or answers.
    private const int Late = 10;
    private const int Lost = 10;

    private static readonly TimeSpan MaxLateness = TimeSpan.FromSeconds(3);

    private readonly HashSet<int> _cut = [];
    private readonly List<Sending> _underWay = [];

    /// <summary>How often an answer was lost after the datacenter had given it.</summary>
    public int LostAnswers { get; private set; }

    /// <summary>How often a request came after its client had given it up.</summary>
    public int LateRequests { get; private set; }

    /// <summary>What a facade has thrown; it answers whatever happens.</summary>
    public Exception? Failure { get; private set; }

    public HttpMessageHandler CreateHandler(TimeSpan connectTimeout) => new Handler(this, connectTimeout);

    public static Uri AddressOf(int number) => new($"http://dc{number}");

    /// <summary>From now on, what clients send to a datacenter and what it answers vanishes.</summary>
    public void Cut(int number) => _cut.Add(number);

    public void Heal(int number) => _cut.Remove(number);

    /// <summary>The process of a datacenter has ended: all its connections are reset.</summary>
    public void Reset(int number)
    {
        foreach (var sending in _underWay.Where(each => each.Number == number).ToList())
        {
            Break(sending);
        }
    }

    private TimeSpan Delay() => random.Next(1000) < Late ? MaxLateness * (random.Next(1000) / 1000.0) : TimeSpan.FromMilliseconds(1 + random.Next(5));

    private Task<HttpResponseMessage> Send(HttpRequestMessage request, TimeSpan connectTimeout, CancellationToken cancellationToken)
    {
        var number = int.Parse(request.RequestUri!.Host.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture);
        var sending = new Sending(number, request, store.ProcessOf(number));
        _underWay.Add(sending);
        sending.Registration = cancellationToken.UnsafeRegister(_ => GiveUp(sending, cancellationToken), null);
        if (store[number] is null)
        {
            After(Delay(), () => End(sending, answer => answer.TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, "refused"))));
        }
        else if (_cut.Contains(number) && random.Next(2) == 0)
        {
            // No connection was left from before, and a new one is not answered.
            After(connectTimeout, () => End(sending, answer => answer.TrySetException(new OperationCanceledException("no connection", new TimeoutException()))));
        }
        else
        {
            // The connection is there, as far as the client knows: the request leaves.
            var body = ReadBody(request.Content);
            After(Delay(), () => Arrive(sending, body));
        }

        return sending.Answer.Task;
    }

    private void Arrive(Sending sending, byte[] body)
    {
        if (_cut.Contains(sending.Number))
        {
            return;
        }

        if (store.FacadeOf(sending.Number) is not { } facade || store.ProcessOf(sending.Number) != sending.Process)
        {
            Break(sending);
            return;
        }

        LateRequests += sending.Answer.Task.IsCompleted ? 1 : 0;
        var content = new MemoryStream();
        var http = CreateContext(sending, body, content);
        var serving = sending.Process.Start(() => facade.HandleAsync(http, _ => throw new InvalidOperationException("There is no other endpoint.")));
        sending.Process.Start(async () =>
        {
            try
            {
                await serving;
            }
            catch (Exception exception)
            {
                Failure = exception;
                throw;
            }

            After(Delay(), () => Deliver(sending, http.Response, content));
        });
    }

    private void Deliver(Sending sending, HttpResponse response, MemoryStream content)
    {
        if (_cut.Contains(sending.Number))
        {
            return;
        }

        if (random.Next(1000) < Lost)
        {
            LostAnswers++;
            Break(sending);
            return;
        }

        var answer = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { RequestMessage = sending.Request, Content = new ByteArrayContent(content.ToArray()) };
        foreach (var (name, values) in response.Headers)
        {
            if (!answer.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                answer.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        End(sending, completion => completion.TrySetResult(answer));
    }

    private void Break(Sending sending) =>
        After(TimeSpan.FromMilliseconds(1), () => End(sending, answer => answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, "reset"))));

    /// <summary>Whoever gives up closes the connection, and the datacenter gets to know.</summary>
    private void GiveUp(Sending sending, CancellationToken cancellationToken)
    {
        End(sending, answer => answer.TrySetCanceled(cancellationToken));
        After(Delay(), () => sending.Process.Start(() =>
        {
            // Not the asynchronous way, which goes by the thread pool.
            sending.Aborted.Cancel();
            return Task.CompletedTask;
        }));
    }

    private void End(Sending sending, Action<TaskCompletionSource<HttpResponseMessage>> end)
    {
        _underWay.Remove(sending);
        sending.Registration.Unregister();
        end(sending.Answer);
    }

    private void After(TimeSpan delay, Action act) => store.World.Outside.Time.CreateTimer(_ => act(), null, delay, Timeout.InfiniteTimeSpan);

    private static byte[] ReadBody(HttpContent? content)
    {
        if (content is null)
        {
            return [];
        }

        var body = new MemoryStream();
        var copying = content.CopyToAsync(body);
        return copying.IsCompletedSuccessfully ? body.ToArray() : throw new InvalidOperationException("The body of a request is in memory, and so is copied at once.");
    }

    private static DefaultHttpContext CreateContext(Sending sending, byte[] body, MemoryStream answer)
    {
        var target = sending.Request.RequestUri!.PathAndQuery;
        var http = new DefaultHttpContext { RequestAborted = sending.Aborted.Token, TraceIdentifier = "virtual" };
        var feature = http.Features.GetRequiredFeature<IHttpRequestFeature>();
        (feature.Method, feature.RawTarget, feature.Protocol, feature.Body) = (sending.Request.Method.Method, target, "HTTP/1.1", new MemoryStream(body));
        http.Response.Body = answer;
        foreach (var (name, values) in sending.Request.Headers.NonValidated)
        {
            http.Request.Headers.Append(name, values.ToArray());
        }

        if (sending.Request.Content is { } content)
        {
            http.Request.ContentLength = body.Length;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                http.Request.Headers[name] = values.ToArray();
            }
        }

        return http;
    }

    private sealed class Sending(int number, HttpRequestMessage request, VirtualProcess process)
    {
        public int Number => number;

        public HttpRequestMessage Request => request;

        /// <summary>The process that the connection leads to.</summary>
        public VirtualProcess Process => process;

        public CancellationTokenSource Aborted { get; } = new();

        public CancellationTokenRegistration Registration { get; set; }

        public TaskCompletionSource<HttpResponseMessage> Answer { get; } = new();
    }

    private sealed class Handler(VirtualHttp network, TimeSpan connectTimeout) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => network.Send(request, connectTimeout, cancellationToken);
    }
}
