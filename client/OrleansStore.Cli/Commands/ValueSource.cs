using System.CommandLine;
using System.Text;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary>Where a value comes from: an argument, standard input or a file.</summary>
internal sealed class ValueSource
{
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
            case (Input.Standard, null):
                return await Input.ReadAsync(session, Input.Standard, StoreLimits.MaxValueBytes, "value", cancellationToken);
            case (null, { } path):
                return await Input.ReadAsync(session, path, StoreLimits.MaxValueBytes, "value", cancellationToken);
            case ({ } text, null):
                return Encoding.UTF8.GetBytes(text);
        }
    }
}
