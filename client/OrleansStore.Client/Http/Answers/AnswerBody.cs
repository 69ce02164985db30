namespace OrleansStore.Client.Http.Answers;

/// <summary>Reads the bodies of answers, up to a bound.</summary>
internal static class AnswerBody
{
    private const int FirstChunkBytes = 4096;

    /// <summary>Reads a body into an array of its own.</summary>
    /// <param name="content">The body.</param>
    /// <param name="maxBytes">The most bytes taken.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FormatException">The body is longer than allowed.</exception>
    /// <exception cref="IOException">The connection broke, or the body ended before its announced length.</exception>
    public static async ValueTask<byte[]> ReadOwnedAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength is not { } length)
        {
            using var buffer = await ReadPooledAsync(content, maxBytes, cancellationToken).ConfigureAwait(false);
            return buffer.Span.ToArray();
        }

        CheckLength(length, maxBytes);
        var bytes = new byte[length];
        await content.ReadAsStream(cancellationToken).ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Reads a body into a buffer of the pool, which the caller has to dispose of.</summary>
    /// <inheritdoc cref="ReadOwnedAsync"/>
    public static async ValueTask<PooledBuffer> ReadPooledAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        CheckLength(announced ?? 0, maxBytes);
        var buffer = new PooledBuffer((int)(announced ?? FirstChunkBytes));
        try
        {
            var stream = content.ReadAsStream(cancellationToken);
            while (announced is null || buffer.Length < announced)
            {
                var read = await stream.ReadAsync(buffer.GetMemory(), cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return announced is null ? buffer : throw new EndOfStreamException("The answer ends before its announced length.");
                }

                buffer.Advance(read);
                CheckLength(buffer.Length, maxBytes);
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void CheckLength(long length, int maxBytes)
    {
        if (length > maxBytes)
        {
            throw new FormatException($"The answer has {length} bytes or more; at most {maxBytes} are taken.");
        }
    }
}
