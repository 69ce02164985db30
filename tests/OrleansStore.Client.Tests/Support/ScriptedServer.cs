using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansStore.Client.Tests.Support;

/// <summary>An HTTP server that answers as a test says, faults included. Requests are told apart by number, from 0.</summary>
internal sealed class ScriptedServer(Func<ScriptedRequest, ScriptedReply> script) : LoopbackServer
{
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private int _count;

    public Func<ScriptedRequest, ScriptedReply> Script { get; set; } = script;

    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    /// <summary>A server that answers its requests in this order, the last reply over and over.</summary>
    public static ScriptedServer Answering(params ScriptedReply[] replies) => new(request => replies[Math.Min(request.Number, replies.Length - 1)]);

    protected override async Task ServeAsync(TcpClient connection)
    {
        var stream = connection.GetStream();
        while (await ReadAsync(stream) is { } request)
        {
            _requests.Enqueue(request);
            var reply = Script(request);
            await reply.After.WaitAsync(Stopped);
            await stream.WriteAsync(reply.Bytes, Stopped);
            if (reply.ThenResets)
            {
                // A linger of zero makes the close a reset.
                connection.LingerState = new LingerOption(true, 0);
                return;
            }
        }
    }

    private async Task<ScriptedRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one, Stopped) == 0)
            {
                return null;
            }

            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, Stopped);
        return new ScriptedRequest(Interlocked.Increment(ref _count) - 1, first[0], first[1], headers, body);
    }

    private static bool EndsHead(List<byte> head) => head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}
