using System.CommandLine;
using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Transactions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore txn</c></summary>
internal sealed class TxnCommand : CliCommand
{
    // The longest transaction, with its values in base64 and every byte of its keys escaped.
    private const int MaxJsonBytes = 2 * StoreLimits.MaxTransactionBytes;

    private readonly Argument<string?> _file = new("file")
    {
        Description = """A file with {"guards":[{"key","revision"?,"exists"?,"value"?}],"then":[{"put":{"key","value","contentType"?}},{"delete":{"key"}}]}, keys percent-encoded and values in base64; - for standard input.""",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly TransactionOptions _options;
    private readonly WriteIdOption _id;

    public TxnCommand(CommandRunner runner)
        : base(
            runner,
            "txn",
            "Does several things at once if all guards hold, else nothing. All keys must share a bucket: those with the same {part} in them do.",
            "ostore txn --if-absent '{alice}sent' --put '{alice}sent=1' --put '{alice}last=bob'",
            "ostore txn --if-revision '{alice}sent=4' --put '{alice}sent=2' --delete '{alice}draft'",
            "ostore txn transaction.json --idempotency-key move-17",
            "ostore txn - --output json < transaction.json")
    {
        Arguments.Add(_file);
        _options = new TransactionOptions(this);
        _id = new WriteIdOption(this);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var parsed = await ReadAsync(session, arguments, cancellationToken);
        var report = new WriteReport(session, _ => { }, parsed.Key, _id.Read(arguments, session.Host.Time));
        var outcome = await report.RunAsync(options => session.Store.CommitAsync(parsed.Transaction, options, cancellationToken), cancellationToken);
        return outcome.Match(
            applied => TellApplied(session, report, parsed.Transaction, applied),
            failed => report.PreconditionFailed(failed, parsed.Describe(failed.FailedGuard)),
            report.Unknown);
    }

    private async Task<ParsedTransaction> ReadAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        switch (arguments.GetValue(_file), _options.AreGiven(arguments))
        {
            case (null, false):
                throw new UsageException("There is no transaction: name a file, - for standard input, or give options as --put KEY=TEXT.");
            case (not null, true):
                throw new UsageException("There are two transactions, one in a file and one in options; give one of them.");
            case (null, true):
                return _options.Read(arguments);
            case ({ } path, false):
                return TransactionJson.Read(await Input.ReadAsync(session, path, MaxJsonBytes, "transaction", cancellationToken));
        }
    }

    private static ExitCode TellApplied(CliSession session, WriteReport report, Transaction transaction, WriteOutcome.Applied applied)
    {
        var fates = transaction.Operations.Zip(applied.Operations, (operation, fate) => (operation.Key, Fate: ChoiceOf<OperationOutcome>.WordOf(fate))).ToList();
        if (!session.IsJson)
        {
            foreach (var (key, fate) in fates)
            {
                session.Output.WriteLine($"{fate} {KeyText.Show(key)}");
            }
        }

        return report.Applied(applied, fates.Count > 0 ? "committed" : "all guards hold", json => WriteFates(json, fates));
    }

    private static void WriteFates(Utf8JsonWriter json, IEnumerable<(StoreKey Key, string Fate)> fates)
    {
        json.WriteStartArray("operations"u8);
        foreach (var (key, fate) in fates)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, KeyText.Encode(key));
            json.WriteString("operation"u8, fate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
