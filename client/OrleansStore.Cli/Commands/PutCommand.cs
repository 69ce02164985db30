using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore put</c></summary>
internal sealed class PutCommand : CliCommand
{
    private readonly KeyArgument _key;
    private readonly ValueSource _value;
    private readonly Option<string?> _contentType = new("--content-type") { Description = "The content type kept with the value, printable ASCII.", HelpName = "TYPE" };
    private readonly ConditionOptions _condition;
    private readonly WriteIdOption _id;

    public PutCommand(CommandRunner runner)
        : base(
            runner,
            "put",
            "Creates or replaces a record. Once it is told, it is on the disks of a majority of datacenters.",
            "ostore put greeting 'hello, world'",
            "ostore put orders/17 --file order.json --content-type application/json",
            "ostore put greeting - --if-revision 7 < greeting.txt",
            "ostore put lock-holder me --if-absent",
            "ostore put orders/17 '1 piano' --idempotency-key order-17")
    {
        _key = new KeyArgument(this);
        _value = new ValueSource(this);
        Options.Add(_contentType);
        _condition = new ConditionOptions(this, canBeAbsent: true);
        _id = new WriteIdOption(this);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var key = _key.Read(arguments);
        var condition = _condition.Read(arguments);
        var value = await _value.ReadAsync(session, arguments, cancellationToken);
        var report = new WriteReport(session, json => json.WriteString("key"u8, KeyText.Encode(key)), key, _id.Read(arguments, session.Host.Time));
        var outcome = await report.RunAsync(
            options => session.Store.PutAsync(key, value, condition, arguments.GetValue(_contentType), options, cancellationToken), cancellationToken);
        return outcome.Match(
            applied =>
            {
                var fate = applied.Operations is [OperationOutcome.Created] ? "created" : "replaced";
                return report.Applied(applied, $"{fate} {KeyText.Show(key)}", json => json.WriteString("operation"u8, fate));
            },
            failed => report.PreconditionFailed(failed, $"The condition on {KeyText.Show(key)} does not hold."),
            report.Unknown);
    }
}
