using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>Ports on loopback that nobody listens on.</summary>
internal static class FreePorts
{
    // Below those that systems give to outgoing connections, so that none is taken while a process is being started again.
    private const int First = 15_000;
    private const int End = 30_000;

    /// <summary>Finds ports.</summary>
    /// <param name="count">How many; each is another one.</param>
    /// <param name="random">Where to begin: runs side by side should look at different places.</param>
    /// <exception cref="IOException">There are not so many.</exception>
    public static int[] Take(int count, IRandomSource random)
    {
        var start = random.Next(End - First);
        var free = Enumerable.Range(0, End - First).Select(i => First + ((start + i) % (End - First))).Where(IsFree).Take(count).ToArray();
        return free.Length == count ? free : throw new IOException($"There are no {count} free ports between {First} and {End}.");
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
