using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary>Which keys a scan goes over.</summary>
internal sealed class RangeOptions
{
    private readonly Option<string?> _prefix = new("--prefix") { Description = "Only keys that begin with this, percent-encoded.", HelpName = "KEY" };
    private readonly Option<string?> _start = new("--start") { Description = "Only keys from this one on, percent-encoded.", HelpName = "KEY" };
    private readonly Option<string?> _end = new("--end") { Description = "Only keys before this one, percent-encoded.", HelpName = "KEY" };

    public RangeOptions(Command command)
    {
        command.Options.Add(_prefix);
        command.Options.Add(_start);
        command.Options.Add(_end);
    }

    /// <exception cref="UsageException">A bound is broken or too long.</exception>
    public ScanOptions Read(ParseResult arguments, bool isBase64) => new()
    {
        Prefix = Bound(arguments, _prefix, StoreLimits.MaxKeyBytes, isBase64),
        Start = Bound(arguments, _start, StoreLimits.MaxKeyBytes + 1, isBase64),
        End = Bound(arguments, _end, StoreLimits.MaxKeyBytes + 1, isBase64),
    };

    private static byte[] Bound(ParseResult arguments, Option<string?> option, int maxBytes, bool isBase64)
    {
        var text = arguments.GetValue(option) ?? "";
        var bytes = isBase64 ? KeyText.DecodeBase64(text) : KeyText.Decode(text);
        return bytes.Length <= maxBytes ? bytes : throw new UsageException($"{option.Name} has {bytes.Length} bytes; at most {maxBytes} are allowed.");
    }
}
