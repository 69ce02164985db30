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

    public static int Take()
    {
        lock (Guard)
        {
            while (true)
            {
                _next = _next + 1 < End ? _next + 1 : First;
                if (IsFree(_next))
                {
                    return _next;
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
