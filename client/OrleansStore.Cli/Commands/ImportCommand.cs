using System.CommandLine;
using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Transfer;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore import</c></summary>
internal sealed class ImportCommand : CliCommand
{
    private const int MaxCallers = 1024;

    private readonly Argument<string> _file = new("file") { Description = "The file to read, as export writes it; - for standard input." };
    private readonly Option<int?> _skip = CountOption.CreateOptional("--skip", "Leave out this many lines from the first on: where an import ended, it says how many.", 0, int.MaxValue);
    private readonly Option<bool> _ifAbsent = new("--if-absent") { Description = "Leave records alone that exist." };
    private readonly Option<int?> _expect = CountOption.CreateOptional("--expect", "End with 1 unless the file holds this many records: export told how many.", 0, int.MaxValue);
    private readonly DefaultedOption<int> _callers = CountOption.Create("--callers", "How many records are written at a time.", 16, 1, MaxCallers);

    public ImportCommand(CommandRunner runner)
        : base(
            runner,
            "import",
            "Writes the records of a file, as export wrote it. The last line of a key wins. Where it fails it says at which line, and how to go on.",
            "ostore import backup.ndjson",
            "ostore import backup.ndjson --skip 120000 --expect 500000",
            "ostore import - --if-absent < backup.ndjson")
    {
        Arguments.Add(_file);
        Options.Add(_skip);
        Options.Add(_ifAbsent);
        Options.Add(_expect);
        Options.Add(_callers);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var run = new ImportRun(session.Store, _callers.Read(arguments), arguments.GetValue(_skip) ?? 0, arguments.GetValue(_ifAbsent));
        await using var input = Input.Open(session, arguments.GetRequiredValue(_file));
        var work = run.RunAsync(input, cancellationToken);
        await new ProgressDisplay(session.Host).ShowAsync("importing records", total: null, () => run.Done, work);
        var tally = await work;
        Report(session, tally);
        if (tally.Failure is { } failure)
        {
            return await ExplainAsync(session, tally, failure);
        }

        if (!tally.IsComplete)
        {
            session.Tell($"ostore: Of {tally.Records} records not all are accounted for. This is a fault of this tool.");
            return ExitCode.Failed;
        }

        if (arguments.GetValue(_expect) is { } expected && expected != tally.Records)
        {
            session.Tell($"ostore: The file holds {tally.Records} records, not the {expected} that were expected. All it holds are imported.");
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> ExplainAsync(CliSession session, ImportTally tally, ImportFailure failure)
    {
        var key = failure.Key is { } named ? $", {KeyText.Show(named)}" : "";
        var explained = failure.Error switch
        {
            StoreException error => await Failures.ExplainAsync(error, session),
            OperationCanceledException => new Failure(ExitCode.Failed, "cancelled", "Cancelled."),
            FormatException error => new Failure(ExitCode.Failed, "bad-line", $"This is no record: {error.Message.TrimEnd('.')}."),
            var error => new Failure(ExitCode.Failed, "bad-line", error.Message),
        };
        session.Tell($"ostore: The import ended at line {failure.Line}{key}: {explained.Message}");
        if (explained.Hint is not null)
        {
            session.Tell(explained.Hint);
        }

        session.Tell($"The first {tally.DoneLines} lines are done; some behind them may be. Go on with the same options and --skip {tally.DoneLines}.");
        return explained.Exit;
    }

    private static void Report(CliSession session, ImportTally tally)
    {
        if (session.IsJson)
        {
            session.WriteJson(json => WriteJson(json, tally));
            return;
        }

        session.Output.WriteLine(
            $"imported {tally.Written} records with {tally.ValueBytes} bytes of values" +
            (tally.Existing > 0 ? $"; {tally.Existing} were there already" : "") +
            (tally.Skipped > 0 ? $"; {tally.Skipped} skipped" : ""));
    }

    private static void WriteJson(Utf8JsonWriter json, ImportTally tally)
    {
        json.WriteString("status"u8, tally.IsComplete ? "complete"u8 : "incomplete"u8);
        json.WriteNumber("records"u8, tally.Records);
        json.WriteNumber("written"u8, tally.Written);
        json.WriteNumber("existing"u8, tally.Existing);
        json.WriteNumber("skipped"u8, tally.Skipped);
        json.WriteNumber("valueBytes"u8, tally.ValueBytes);
        json.WriteNumber("doneLines"u8, tally.DoneLines);
        if (tally.Failure is { } failure)
        {
            json.WriteNumber("failedLine"u8, failure.Line);
        }
    }
}
