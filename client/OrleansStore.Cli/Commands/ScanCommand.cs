using System.CommandLine;
using System.Text;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore scan</c></summary>
internal sealed class ScanCommand : CliCommand
{
    private const int MaxShownBytes = 100;

    private readonly RangeOptions _range;
    private readonly Option<int?> _limit = CountOption.CreateOptional("--limit", "End after this many records. Default: all.", 1, int.MaxValue);
    private readonly Option<bool> _values = new("--values") { Description = "With values: their beginning as text, or all of them in base64 in JSON." };
    private readonly Option<bool> _keysOnly = new("--keys-only") { Description = "One key a line, percent-encoded where it cannot be seen, and nothing else." };
    private readonly Option<bool> _isBase64 = new("--key-base64") { Description = "Prefix, start and end are given in base64 (or base64url)." };

    public ScanCommand(CommandRunner runner)
        : base(
            runner,
            "scan",
            "Lists records in the order of their keys, as they come.",
            "ostore scan --prefix orders/",
            "ostore scan --start a --end n --limit 20 --values",
            "ostore scan --keys-only --prefix photos/",
            "ostore scan --values --output json")
    {
        _range = new RangeOptions(this);
        Options.Add(_limit);
        Options.Add(_values);
        Options.Add(_keysOnly);
        Options.Add(_isBase64);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var withValues = arguments.GetValue(_values);
        var keysOnly = arguments.GetValue(_keysOnly);
        if (withValues && keysOnly)
        {
            throw new UsageException("Of --values and --keys-only only one can be given.");
        }

        var limit = arguments.GetValue(_limit);
        var options = _range.Read(arguments, arguments.GetValue(_isBase64)) with
        {
            IncludeValues = withValues,
            PageSize = Math.Min(limit ?? int.MaxValue, withValues ? ScanOptions.DefaultPageSize : ScanRequest.MaxLimit),
        };
        var count = 0L;
        await foreach (var item in session.Store.ScanAsync(options, cancellationToken))
        {
            // Not before there is something below it: a scan that fails has no result.
            if (count++ == 0 && !session.IsJson && !keysOnly)
            {
                session.Output.WriteLine($"{"revision",10}  {"bytes",10}  {"content type",-24}  key{(withValues ? "  value" : "")}");
            }

            Write(session, item, withValues, keysOnly);
            if (count == limit)
            {
                break;
            }
        }

        return ExitCode.Ok;
    }

    private static void Write(CliSession session, StoreItem item, bool withValues, bool keysOnly)
    {
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                if (keysOnly)
                {
                    json.WriteString("key"u8, KeyText.Encode(item.Key));
                }
                else
                {
                    ItemJson.Write(json, item, withValues);
                }
            });
        }
        else if (keysOnly)
        {
            session.Output.WriteLine(KeyText.Show(item.Key));
        }
        else
        {
            session.Output.WriteLine($"{item.Revision.Value,10}  {item.ValueBytes,10}  {item.ContentType,-24}  {KeyText.Show(item.Key)}{(withValues ? "  " + Show(item.Value.Span) : "")}");
        }
    }

    // The beginning, on one line whatever the value holds.
    private static string Show(ReadOnlySpan<byte> value)
    {
        var isCut = value.Length > MaxShownBytes;
        var text = Encoding.UTF8.GetString(isCut ? value[..MaxShownBytes] : value).Replace(Rune.ReplacementChar.ToString(), ".", StringComparison.Ordinal);
        return TerminalText.Plain(text) + (isCut ? "..." : "");
    }
}
