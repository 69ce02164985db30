using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Transfer;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore export</c></summary>
internal sealed class ExportCommand : CliCommand
{
    private const string PartialSuffix = ".partial";

    private readonly Argument<string> _file = new("file")
    {
        Description = "The file to write; until it is complete it is called FILE.partial. Default: standard output.",
        DefaultValueFactory = _ => Input.Standard,
    };

    private readonly RangeOptions _range;
    private readonly Option<bool> _isBase64 = new("--key-base64") { Description = "Prefix, start and end are given in base64, and keys are written so, as keyBase64." };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the file where there is one." };

    public ExportCommand(CommandRunner runner)
        : base(
            runner,
            "export",
            "Writes records as lines of JSON, in the order of their keys. There is no instant common to all: what changes meanwhile may be in it as it was or as it is.",
            "ostore export backup.ndjson",
            "ostore export --prefix orders/ | gzip > orders.ndjson.gz",
            "ostore export rest.ndjson --start orders/17%00 --overwrite")
    {
        Arguments.Add(_file);
        _range = new RangeOptions(this);
        Options.Add(_isBase64);
        Options.Add(_overwrite);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var path = arguments.GetRequiredValue(_file);
        var asBase64 = arguments.GetValue(_isBase64);
        var run = new ExportRun(session.Store, _range.Read(arguments, asBase64), asBase64);
        if (path == Input.Standard)
        {
            await RunAsync(session, run, session.Host.Output, "standard output", cancellationToken);

            // The records are the result; what is said of them is not.
            session.Tell(Summary(run));
            return ExitCode.Ok;
        }

        var overwrite = arguments.GetValue(_overwrite);
        if (File.Exists(path) && !overwrite)
        {
            throw new UsageException($"{path} is there already; --overwrite replaces it.");
        }

        await using (var file = File.Create(path + PartialSuffix))
        {
            await RunAsync(session, run, file, path + PartialSuffix, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + PartialSuffix, path, overwrite);
        Report(session, run, path);
        return ExitCode.Ok;
    }

    private static async Task RunAsync(CliSession session, ExportRun run, Stream output, string name, CancellationToken cancellationToken)
    {
        try
        {
            await new ProgressDisplay(session.Host).ShowAsync("exporting records", total: null, () => run.Records, run.RunAsync(output, cancellationToken));
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            session.Tell($"ostore: The export ended after {run.Records} records, which are in {name}.");
            if (run.LastKey is { } last)
            {
                var next = last.Bytes.ToArray().Append((byte)0).ToArray();
                session.Tell($"Go on in another file with the same options and --start {ShellText.Quote(KeyText.Encode(next))}.");
            }

            throw;
        }
    }

    private static string Summary(ExportRun run) => $"exported {run.Records} records with {run.ValueBytes} bytes of values";

    private static void Report(CliSession session, ExportRun run, string name)
    {
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                json.WriteString("file"u8, name);
                json.WriteNumber("records"u8, run.Records);
                json.WriteNumber("valueBytes"u8, run.ValueBytes);
            });
        }
        else
        {
            session.Output.WriteLine($"{Summary(run)} to {name}");
        }
    }
}
