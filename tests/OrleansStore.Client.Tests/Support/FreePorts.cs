using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Client.Tests.Support;

/// <summary>Ports that nobody listens on. They lie below those that systems give to outgoing connections, so that none is taken between the look and the use.</summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int End = 32_000;

    private static readonly Lock Guard = new();

    // Test runs side by side start at different places.
    private static int _next = First + (Environment.ProcessId * 131 % (End - First));

    /// <summary>Returns the first of <paramref name="count"/> free ports in a row.</summary>
    public static int Take(int count = 1)
    {
        lock (Guard)
        {
            while (true)
            {
                var first = _next + count < End ? _next : First;
                _next = first + count;
                if (Enumerable.Range(first, count).All(IsFree))
                {
                    return first;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
