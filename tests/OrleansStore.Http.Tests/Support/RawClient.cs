using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OrleansStore.Http.Tests.Support;

/// <summary>A connection on which a test sends exactly the bytes it means.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient _tcp = new();
    private readonly List<byte> _received = [];
    private NetworkStream _stream = null!;

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        client._tcp.NoDelay = true;
        await client._tcp.ConnectAsync("127.0.0.1", port);
        client._stream = client._tcp.GetStream();
        return client;
    }

    public Task SendAsync(string bytes) => SendAsync(Encoding.Latin1.GetBytes(bytes));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Says that nothing more is sent.</summary>
    public void FinishSending() => _tcp.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Sends a request and reads its answer. Lines end in \n here.</summary>
    public async Task<TestReply> ExchangeAsync(string head, string body = "")
    {
        await SendAsync(head.ReplaceLineEndings("\r\n") + "\r\nHost: x\r\n\r\n" + body);
        return await ReadAsync(head.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    /// <summary>Reads one answer.</summary>
    public async Task<TestReply> ReadAsync(bool isHead = false)
    {
        var lines = Encoding.Latin1.GetString(await TakeThroughAsync("\r\n\r\n"u8.ToArray())).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        var hasBody = !isHead && status is not (100 or 204 or 304);
        return new TestReply(status, headers, !hasBody ? [] : headers.ContainsKey("Transfer-Encoding") ? await TakeChunksAsync() : await TakeDeclaredAsync(headers));
    }

    /// <summary>Whether the server ends the connection in order, with nothing more to say.</summary>
    public async Task<bool> IsClosedAsync() => _received.Count == 0 && !await FillAsync();

    /// <summary>Whether the connection ends, with or without an answer, in order or not.</summary>
    public async Task<bool> EndsAsync()
    {
        try
        {
            while (await FillAsync())
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end, too.
        }

        return true;
    }

    public void Dispose() => _tcp.Dispose();

    private async Task<byte[]> TakeDeclaredAsync(Dictionary<string, string> headers) =>
        headers.TryGetValue("Content-Length", out var length) ? await TakeAsync(int.Parse(length, CultureInfo.InvariantCulture)) : [];

    private async Task<byte[]> TakeChunksAsync()
    {
        List<byte> body = [];
        while (true)
        {
            var size = int.Parse(Encoding.ASCII.GetString(await TakeThroughAsync("\r\n"u8.ToArray())).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await TakeAsync(size));
            await TakeAsync(2);
            if (size == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<byte[]> TakeThroughAsync(byte[] end)
    {
        while (true)
        {
            var at = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received).IndexOf(end);
            if (at >= 0)
            {
                return await TakeAsync(at + end.Length);
            }

            Assert.True(await FillAsync(), "The connection ended before an answer.");
        }
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        while (_received.Count < count)
        {
            Assert.True(await FillAsync(), "The connection ended within an answer.");
        }

        var taken = _received.GetRange(0, count).ToArray();
        _received.RemoveRange(0, count);
        return taken;
    }

    private async Task<bool> FillAsync()
    {
        var buffer = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(Patience);
        var count = await _stream.ReadAsync(buffer, patience.Token);
        _received.AddRange(buffer.AsSpan(0, count));
        return count > 0;
    }
}
