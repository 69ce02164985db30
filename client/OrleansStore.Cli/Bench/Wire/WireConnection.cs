using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;

namespace OrleansStore.Cli.Bench.Wire;

/// <summary>One connection, and the callers that share it: their requests go out one behind the other, and the answers come back in the same order.</summary>
/// <remarks>
/// One loop does everything for all its callers: it reads what has come, tells each caller its answer, asks it for the next request, and sends all of those together. So a request costs
/// no task, no lock and no allocation, and with one caller two system calls. Only <see cref="Watch"/> is called from elsewhere.
/// </remarks>
internal sealed class WireConnection
{
    private const int InitialInputBytes = 16 * 1024;

    // A store that refuses is not made busier by being asked again at once.
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PauseAfterBreak = TimeSpan.FromMilliseconds(100);

    private readonly Uri _endpoint;
    private readonly WireRequests _requests;
    private readonly TimeProvider _time;
    private readonly Queue<ICallerScript> _idle;
    private readonly Queue<ICallerScript> _waiting = new();
    private ArrayBufferWriter<byte> _output = new();
    private ArrayBufferWriter<byte> _sending = new();
    private byte[] _input = new byte[InitialInputBytes];
    private int _inputLength;
    private Task _writing = Task.CompletedTask;
    private bool _mustPause;
    private volatile Socket? _socket;
    private long _progressAt;
    private volatile bool _wasAbandoned;

    public WireConnection(Uri endpoint, WireRequests requests, IEnumerable<ICallerScript> callers, TimeProvider time)
    {
        _endpoint = endpoint;
        _requests = requests;
        _time = time;
        _idle = new Queue<ICallerScript>(callers);
    }

    /// <summary>Runs the callers until each has done its work; connects again as often as that takes.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            var error = await ServeAsync();
            FailWaiting(error);
            if (_idle.Count == 0)
            {
                return;
            }

            await Task.Delay(error is null ? TimeSpan.Zero : PauseAfterBreak, _time);
        }
    }

    /// <summary>Gives the connection up where it has made no progress for too long.</summary>
    public void Watch(TimeSpan limit)
    {
        if (_socket is { } socket && _time.GetElapsedTime(Volatile.Read(ref _progressAt)) > limit)
        {
            _wasAbandoned = true;
            socket.Dispose();
        }
    }

    /// <summary>Serves over one connection, until it ends or all callers have done their work.</summary>
    /// <returns>How it ended; null where nothing is amiss.</returns>
    private async Task<string?> ServeAsync()
    {
        _wasAbandoned = false;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var isConnected = false;
        try
        {
            Progress();
            _socket = socket;
            await socket.ConnectAsync(_endpoint.Host, _endpoint.Port);
            await using var stream = await OpenAsync(socket);
            isConnected = true;
            return await ExchangeAsync(stream);
        }
        catch (FormatException)
        {
            return BenchReply.BadAnswer;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            if (!isConnected)
            {
                // Whoever wanted to send something could not.
                BeginAll();
            }

            return _wasAbandoned ? BenchReply.NoAnswer : isConnected ? BenchReply.ConnectionLost : BenchReply.NotConnected;
        }
        finally
        {
            // The buffers are used again, so nobody may still be sending from them.
            _socket = null;
            socket.Dispose();
            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var plain = new NetworkStream(socket, ownsSocket: false);
        if (_endpoint.Scheme != Uri.UriSchemeHttps)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(_endpoint.Host);
        return secure;
    }

    private async Task<string?> ExchangeAsync(Stream stream)
    {
        _inputLength = 0;
        _output.ResetWrittenCount();
        BeginAll();
        while (_waiting.Count > 0)
        {
            // What is still being sent is not waited for: the server may want to get rid of answers first.
            if (_writing.IsCompleted && _output.WrittenCount > 0)
            {
                await _writing;
                _writing = Send(stream);
            }

            var read = await stream.ReadAsync(_input.AsMemory(_inputLength));
            if (read == 0)
            {
                return BenchReply.ConnectionLost;
            }

            _inputLength += read;
            Progress();
            if (TakeAnswers())
            {
                return _waiting.Count == 0 ? null : BenchReply.ConnectionLost;
            }

            if (_mustPause)
            {
                _mustPause = false;
                await Task.Delay(PauseAfterError, _time);
                Progress();
            }

            BeginAll();
        }

        return null;
    }

    private Task Send(Stream stream)
    {
        (_sending, _output) = (_output, _sending);
        _output.ResetWrittenCount();
        var sent = stream.WriteAsync(_sending.WrittenMemory);
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask();
    }

    /// <summary>Tells callers the answers that have come completely.</summary>
    /// <returns>Whether the server closes the connection.</returns>
    private bool TakeAnswers()
    {
        var taken = 0;
        var isLast = false;
        var now = _time.GetTimestamp();
        while (!isLast && _waiting.Count > 0 && WireResponse.TryRead(_input.AsSpan(taken, _inputLength - taken), out var response))
        {
            taken += response.Length;
            isLast = response.IsLast;
            var caller = _waiting.Dequeue();
            caller.End(response.Reply, now);
            _idle.Enqueue(caller);
            _mustPause |= response.Reply.Error is not (null or BenchReply.NotFound or BenchReply.PreconditionFailed);
        }

        _input.AsSpan(taken, _inputLength - taken).CopyTo(_input);
        _inputLength -= taken;
        if (_inputLength == _input.Length)
        {
            Array.Resize(ref _input, checked(_input.Length * 2));
        }

        return isLast;
    }

    /// <summary>Asks each idle caller for a request; one that has none is done.</summary>
    private void BeginAll()
    {
        var now = _time.GetTimestamp();
        while (_idle.TryDequeue(out var caller))
        {
            if (caller.TryBegin(now, out var request))
            {
                _requests.Write(request, _output);
                _waiting.Enqueue(caller);
            }
        }
    }

    private void FailWaiting(string? error)
    {
        var now = _time.GetTimestamp();
        while (_waiting.TryDequeue(out var caller))
        {
            caller.End(BenchReply.Failed(error ?? BenchReply.ConnectionLost), now);
            _idle.Enqueue(caller);
        }
    }

    private void Progress() => Volatile.Write(ref _progressAt, _time.GetTimestamp());
}
