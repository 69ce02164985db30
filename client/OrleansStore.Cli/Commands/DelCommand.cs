using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore del</c></summary>
internal sealed class DelCommand : CliCommand
{
    private readonly KeyArgument _key;
    private readonly ConditionOptions _condition;
    private readonly WriteIdOption _id;

    public DelCommand(CommandRunner runner)
        : base(
            runner,
            "del",
            "Removes a record. Where there is none the exit code is 3; with a condition it is 4.",
            "ostore del greeting",
            "ostore del greeting --if-revision 7",
            "ostore del AAEC/w== --key-base64 --if-exists",
            "ostore del orders/17 --idempotency-key cancel-17")
    {
        _key = new KeyArgument(this);
        _condition = new ConditionOptions(this, canBeAbsent: false);
        _id = new WriteIdOption(this);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var key = _key.Read(arguments);
        var condition = _condition.Read(arguments);
        var report = new WriteReport(session, json => json.WriteString("key"u8, KeyText.Encode(key)), key, _id.Read(arguments, session.Host.Time));
        var outcome = await report.RunAsync(options => session.Store.DeleteAsync(key, condition, options, cancellationToken), cancellationToken);
        return outcome.Match(
            applied => applied.HasChanged ? report.Applied(applied, $"deleted {KeyText.Show(key)}", json => json.WriteString("operation"u8, "deleted"u8)) : report.NotFound(applied),
            failed => report.PreconditionFailed(failed, $"The condition on {KeyText.Show(key)} does not hold."),
            report.Unknown);
    }
}
