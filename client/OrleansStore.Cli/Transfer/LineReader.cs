using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrleansStore.Cli.Transfer;

/// <summary>Reads a stream line by line, holding no more than the longest line that is allowed.</summary>
internal static class LineReader
{
    /// <summary>Reads lines without their ends; the last one need not have an end.</summary>
    /// <param name="stream">The stream; left open.</param>
    /// <param name="maxLineBytes">The longest line.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FormatException">While enumerating: a line is longer.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream, int maxLineBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        while (true)
        {
            var part = await reader.ReadAsync(cancellationToken);
            var rest = part.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return rest.Slice(0, end).ToArray();
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > maxLineBytes)
            {
                throw new FormatException($"it has more than {maxLineBytes} bytes");
            }

            if (part.IsCompleted)
            {
                if (!rest.IsEmpty)
                {
                    yield return rest.ToArray();
                }

                await reader.CompleteAsync();
                yield break;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }
    }
}
