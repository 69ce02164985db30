using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>Reads files, and standard input where a file is called <c>-</c>.</summary>
internal static class Input
{
    public const string Standard = "-";

    /// <summary>Opens a file for reading from its beginning to its end. To be disposed of; the process needs standard input no more by then.</summary>
    public static Stream Open(CliSession session, string path) => path == Standard ? session.Host.Input : File.OpenRead(path);

    /// <summary>Reads all of a file.</summary>
    /// <param name="session">Has the standard input.</param>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that are taken: what never ends must not fill the memory first.</param>
    /// <param name="what">What it holds, for messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="UsageException">It has more bytes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(CliSession session, string path, int maxBytes, string what, CancellationToken cancellationToken)
    {
        await using var stream = Open(session, path);
        using var all = new MemoryStream();
        var part = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(part, cancellationToken)) > 0)
        {
            if (all.Length + read > maxBytes)
            {
                throw new UsageException($"The {what} has more than {maxBytes} bytes, which no store takes.");
            }

            all.Write(part, 0, read);
        }

        return all.ToArray();
    }
}
