using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Verification.Tests.Nemesis.Support;

/// <summary>One end of a connection. Whatever takes longer than any machine needs fails.</summary>
internal sealed class TestEnd(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Socket Socket => socket;

    public static async Task<TestEnd> DialAsync(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).WaitAsync(Patience);
        return new TestEnd(socket);
    }

    public async Task SendAsync(byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent)).AsTask().WaitAsync(Patience);
        }
    }

    /// <summary>Receives so many bytes, or fewer if the other side ended.</summary>
    public async Task<byte[]> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        var received = 0;
        while (received < count && await socket.ReceiveAsync(bytes.AsMemory(received)).AsTask().WaitAsync(Patience) is > 0 and var more)
        {
            received += more;
        }

        return bytes[..received];
    }

    public async Task AssertSilentAsync(TimeSpan time)
    {
        await Task.Delay(time);
        Assert.Equal(0, socket.Available);
        Assert.False(socket.Poll(0, SelectMode.SelectRead), "The connection has ended.");
    }

    public async Task AssertResetAsync()
    {
        var failure = await Assert.ThrowsAsync<SocketException>(async () => await ReceiveAsync(1));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
    }

    public void Dispose() => socket.Dispose();
}
