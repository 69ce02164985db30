using System.Net.Sockets;

namespace OrleansStore.Client.Tests.Support;

/// <summary>Stands between a client and a server, and breaks connections: before a part of a request is passed on, or before a part of an answer is.</summary>
internal sealed class FlakyProxy(Uri server, ulong seed) : LoopbackServer
{
    // Out of so many parts one is swallowed.
    private const int Odds = 6;

    private readonly Lock _lock = new();
    private readonly SplitMix64 _random = new(seed);

    /// <summary>How many answers the client never saw.</summary>
    public int SwallowedAnswers { get; private set; }

    protected override async Task ServeAsync(TcpClient connection)
    {
        using var far = new TcpClient();
        await far.ConnectAsync(server.Host, server.Port, Stopped);
        await await Task.WhenAny(PassAsync(connection, far, isAnswer: false), PassAsync(far, connection, isAnswer: true));
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        var (source, sink) = (from.GetStream(), to.GetStream());
        while (await source.ReadAsync(buffer, Stopped) is > 0 and var read)
        {
            if (Swallows(isAnswer))
            {
                return;
            }

            await sink.WriteAsync(buffer.AsMemory(0, read), Stopped);
        }
    }

    private bool Swallows(bool isAnswer)
    {
        lock (_lock)
        {
            var swallows = _random.Next(Odds) == 0;
            SwallowedAnswers += swallows && isAnswer ? 1 : 0;
            return swallows;
        }
    }
}
