using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansStore.Service;

namespace OrleansStore.Http.Tests.Support;

/// <summary>A facade on a real server, on a port of its own.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly RecordingLogs _logs;

    private readonly int[] _connections;

    private TestHost(WebApplication app, RecordingLogs logs, int[] connections)
    {
        App = app;
        _logs = logs;
        _connections = connections;
    }

    public WebApplication App { get; }

    public Uri Address => new(App.Urls.First());

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The connections that the server has.</summary>
    public int Connections => Volatile.Read(ref _connections[0]);

    /// <summary>What was logged as a warning or worse.</summary>
    public IReadOnlyCollection<string> Complaints => _logs.Lines;

    public static async Task<TestHost> StartAsync(
        IStoreService? store = null, HttpFacadeOptions? options = null, Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? use = null)
    {
        var logs = new RecordingLogs();
        var connections = new int[1];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.ConfigureOrleansStore();
            server.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Use(next => async connection =>
            {
                Interlocked.Increment(ref connections[0]);
                try
                {
                    await next(connection);
                }
                finally
                {
                    Interlocked.Decrement(ref connections[0]);
                }
            }));
        });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));
        configure?.Invoke(builder);
        var app = builder.Build();
        use?.Invoke(app);
        app.MapOrleansStore(store ?? new MemoryStore(), options ?? new HttpFacadeOptions(), TimeProvider.System);
        await app.StartAsync();
        var host = new TestHost(app, logs, connections);
        host.Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(20) };
        return host;
    }

    public Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(Address.Port);

    /// <summary>Sends a request. The path must be one that the client does not change.</summary>
    public async Task<TestReply> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Client.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new TestReply((int)response.StatusCode, all, await response.Content.ReadAsByteArrayAsync());
    }

    public Task<TestReply> PutAsync(string key, string value, params (string Name, string Value)[] headers) => SendAsync("PUT", $"/v1/kv/{key}", value, headers);

    public Task<TestReply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    /// <summary>Waits until the metrics have a line: a request is counted a moment after its answer was sent.</summary>
    public async Task<TestReply> AwaitMetricAsync(string line)
    {
        for (var i = 0; ; i++)
        {
            var reply = await GetAsync("/metrics");
            if (reply.Text.Split('\n').Contains(line))
            {
                return reply;
            }

            Assert.True(i < 100, $"There is no {line} in {reply.Text}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // Disposing alone would not tell the facade that the application has stopped.
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private sealed class RecordingLogs : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
