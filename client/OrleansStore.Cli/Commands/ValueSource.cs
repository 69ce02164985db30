using System.CommandLine;
using System.Text;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>Where a value comes from: an argument, standard input or a file.</summary>
internal sealed class ValueSource
{
    private const string StandardInput = "-";

    private readonly Argument<string?> _value = new("value")
    {
        Description = "The value, as UTF-8; - for standard input, byte by byte.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _file = new("--file") { Description = "Take the value from this file, byte by byte.", HelpName = "PATH" };

    public ValueSource(Command command)
    {
        command.Arguments.Add(_value);
        command.Options.Add(_file);
    }

    /// <summary>Reads the value.</summary>
    /// <exception cref="UsageException">It is given twice or not at all, or has more bytes than any store takes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        switch (arguments.GetValue(_value), arguments.GetValue(_file))
        {
            case (null, null):
                throw new UsageException("There is no value: give it behind the key, as - for standard input, or as --file PATH.");
            case (not null, not null):
                throw new UsageException("There are two values, one behind the key and one in --file; give one of them.");
            case (StandardInput, null):
                return await ReadAllAsync(session.Host.Input, cancellationToken);
            case (null, { } path):
                await using (var file = File.OpenRead(path))
                {
                    return await ReadAllAsync(file, cancellationToken);
                }

            case ({ } text, null):
                return Encoding.UTF8.GetBytes(text);
        }
    }

    // Stops at the first byte that is too many: what never ends must not fill the memory first.
    private static async Task<ReadOnlyMemory<byte>> ReadAllAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        var part = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(part, cancellationToken)) > 0)
        {
            if (all.Length + read > StoreLimits.MaxValueBytes)
            {
                throw new UsageException($"The value has more than {StoreLimits.MaxValueBytes} bytes, which no store takes.");
            }

            all.Write(part, 0, read);
        }

        return all.ToArray();
    }
}
