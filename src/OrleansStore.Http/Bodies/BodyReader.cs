using System.Buffers;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Bodies;

/// <summary>Reads a request body into an array of its own, within the bounds of length, memory and time.</summary>
internal static class BodyReader
{
    private const int FirstChunkedBytes = 16 * 1024;

    /// <summary>Reads the whole body.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="maxBytes">The longest body allowed.</param>
    /// <returns>The bytes, or why there are none. The array belongs to the caller.</returns>
    public static ValueTask<BodyResult> ReadAsync(Exchange exchange, int maxBytes)
    {
        var body = exchange.Body;
        var declared = exchange.Http.Request.ContentLength;
        if (declared == 0 || !UnreadBody.CanExist(exchange))
        {
            body.IsCompleted = true;
            return new ValueTask<BodyResult>(new BodyResult([], null));
        }

        if (declared > maxBytes)
        {
            return Failed(Problem.ValueTooLarge(maxBytes));
        }

        if (!body.TryTake(declared ?? Math.Min(FirstChunkedBytes, maxBytes)))
        {
            return Failed(NoMemory());
        }

        return declared is { } length ? ReadDeclaredAsync(exchange, (int)length) : ReadChunkedAsync(exchange, maxBytes);
    }

    private static ValueTask<BodyResult> Failed(Problem problem) => new(new BodyResult([], problem));

    private static Problem NoMemory() => Problem.Throttled("Too many bytes of request bodies are under way.");

    // The length is known: each byte is copied once, from the server's buffer to where it stays.
    private static async ValueTask<BodyResult> ReadDeclaredAsync(Exchange exchange, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var filled = 0;
        using var reader = new TimedReader(exchange);
        while (filled < length)
        {
            if (await reader.ReadAsync() is not { } result)
            {
                return new BodyResult([], TimedReader.TooSlow());
            }

            result.Buffer.CopyTo(bytes.AsSpan(filled));
            filled += (int)result.Buffer.Length;
            reader.AdvanceTo(result.Buffer);
            if (result.IsCompleted && filled < length)
            {
                return new BodyResult([], Problem.BadRequest("The body is shorter than its Content-Length.") with { ClosesConnection = true });
            }
        }

        exchange.Body.IsCompleted = true;
        return new BodyResult(bytes, null);
    }

    // The length is not known: the buffer grows with what has come, and so does what is taken of the budget. At the limit reading stops.
    private static async ValueTask<BodyResult> ReadChunkedAsync(Exchange exchange, int maxBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstChunkedBytes, maxBytes));
        var capacity = Math.Min(FirstChunkedBytes, maxBytes);
        var filled = 0;
        try
        {
            using var reader = new TimedReader(exchange);
            while (true)
            {
                if (await reader.ReadAsync() is not { } result)
                {
                    return new BodyResult([], TimedReader.TooSlow());
                }

                var problem = Append(exchange, result.Buffer, maxBytes, ref buffer, ref capacity, ref filled);
                reader.AdvanceTo(result.Buffer);
                exchange.Body.IsCompleted = result.IsCompleted;
                if (problem is not null || result.IsCompleted)
                {
                    return problem is null ? new BodyResult(buffer[..filled], null) : new BodyResult([], problem);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Problem? Append(
        Exchange exchange, ReadOnlySequence<byte> data, int maxBytes, ref byte[] buffer, ref int capacity, ref int filled)
    {
        var needed = filled + data.Length;
        if (needed > maxBytes)
        {
            return Problem.ValueTooLarge(maxBytes);
        }

        if (needed > capacity)
        {
            var grown = (int)Math.Min(Math.Max(2L * capacity, needed), maxBytes);
            if (!exchange.Body.TryTake(grown - capacity))
            {
                return NoMemory();
            }

            var larger = ArrayPool<byte>.Shared.Rent(grown);
            buffer.AsSpan(0, filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
            capacity = grown;
        }

        data.CopyTo(buffer.AsSpan(filled));
        filled = (int)needed;
        return null;
    }
}
