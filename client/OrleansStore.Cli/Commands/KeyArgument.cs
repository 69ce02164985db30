using System.CommandLine;
using OrleansStore.Cli.Keys;

namespace OrleansStore.Cli.Commands;

/// <summary>The key of a command: as an argument, percent-encoded, or in base64.</summary>
internal sealed class KeyArgument
{
    private readonly Argument<string> _key = new("key")
    {
        Description = "The key, percent-encoded: %2F is a slash, %25 a percent sign, %00 a byte 0; all else stands for itself.",
    };

    private readonly Option<bool> _isBase64 = new("--key-base64") { Description = "The key is given in base64 (or base64url)." };

    public KeyArgument(Command command)
    {
        command.Arguments.Add(_key);
        command.Options.Add(_isBase64);
    }

    /// <exception cref="UsageException">It is no key.</exception>
    public StoreKey Read(ParseResult arguments) => KeyText.Parse(arguments.GetRequiredValue(_key), arguments.GetValue(_isBase64));
}
