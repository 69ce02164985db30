using System.Buffers;

namespace OrleansStore.Datacenters.Links;

/// <summary>The first frames of a connection, one at a time; nothing behind them is consumed.</summary>
internal static class Handshake
{
    /// <summary>Sends a hello.</summary>
    public static async Task SendAsync(IPeerConnection connection, Hello hello, CancellationToken cancellationToken)
    {
        FrameFormat.Write(connection.Output, FrameType.Hello, hello.Encode());
        await connection.Output.FlushAsync(cancellationToken).Stay();
    }

    /// <summary>Tells the peer why the connection ends. A peer that does not listen is not told.</summary>
    public static async Task SendGoodbyeAsync(IPeerConnection connection, Goodbye goodbye, CancellationToken cancellationToken)
    {
        try
        {
            FrameFormat.Write(connection.Output, FrameType.Goodbye, goodbye.Encode());
            await connection.Output.FlushAsync(cancellationToken).Stay();
            await connection.EndAsync();

            // Closing with unread input would reset the connection and take the goodbye with it: the peer closes first, or the time runs out.
            while (true)
            {
                var read = await connection.Input.ReadAsync(cancellationToken).Stay();
                connection.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (ConnectionFailure.Is(exception))
        {
            // The goodbye is a courtesy; the connection is closed by the caller in any case.
        }
    }

    /// <summary>Waits for the peer's hello.</summary>
    /// <exception cref="CorruptionException">Something else came.</exception>
    /// <exception cref="PeerGoodbyeException">The peer refuses, and says why.</exception>
    /// <exception cref="IOException">The connection broke or ended.</exception>
    public static async Task<Hello> ReceiveAsync(IPeerConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await connection.Input.ReadAsync(cancellationToken).Stay();
            if (TryTake(read.Buffer, out var consumed, out var hello))
            {
                connection.Input.AdvanceTo(consumed);
                return hello;
            }

            connection.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new IOException("the peer closed the connection before its hello");
            }
        }
    }

    private static bool TryTake(in ReadOnlySequence<byte> buffer, out SequencePosition consumed, out Hello hello)
    {
        (consumed, hello) = (buffer.Start, null!);
        if (!FrameFormat.TryReadHeader(buffer, out var header))
        {
            return false;
        }

        if (header.Type is not (FrameType.Hello or FrameType.Goodbye))
        {
            throw new CorruptionException($"a connection starts with a frame of type {(byte)header.Type} instead of a hello");
        }

        if (buffer.Length < header.FrameBytes)
        {
            return false;
        }

        var payload = buffer.Slice(FrameFormat.HeaderBytes, header.PayloadBytes).ToArray();
        header.Verify(payload);
        if (header.Type == FrameType.Goodbye)
        {
            throw new PeerGoodbyeException(Goodbye.Decode(payload));
        }

        hello = Hello.Decode(payload);
        consumed = buffer.GetPosition(header.FrameBytes);
        return true;
    }
}
