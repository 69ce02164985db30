using System.CommandLine;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore outcome</c></summary>
internal sealed class OutcomeCommand : CliCommand
{
    private readonly KeyArgument _key;
    private readonly Argument<string> _id = new("id") { Description = "The --idempotency-key of the write, or the request id that an answer named (s:... or k:...)." };

    private readonly Option<DateTimeOffset?> _firstSent = TimeOption.Create(
        "--first-sent", "When the write was first sent: tells an id that never came from one that the store forgot, 10 minutes after its write. Without it such an id is expired.");

    public OutcomeCommand(CommandRunner runner)
        : base(
            runner,
            "outcome",
            "Settles what became of a write: applied, rejected, or never-applied, and then it never will be. The exit code is 5 where it is expired: the store no longer knows.",
            "ostore outcome orders/17 order-17",
            "ostore outcome orders/17 k:order-17 --output json",
            "ostore outcome orders/18 never-sent --first-sent 2026-01-31T12:00:00Z")
    {
        _key = new KeyArgument(this);
        Arguments.Add(_id);
        Options.Add(_firstSent);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var key = _key.Read(arguments);
        var text = arguments.GetRequiredValue(_id);
        var id = RequestId.TryParse(text, out var parsed) ? parsed : RequestId.ForKey(text);
        var found = await session.Store.GetOutcomeAsync(key, id, new OutcomeOptions { FirstSent = arguments.GetValue(_firstSent) }, cancellationToken);
        var outcome = ChoiceOf<OutcomeStatus>.WordOf(found.Status);
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                json.WriteString("outcome"u8, outcome);
                json.WriteString("key"u8, KeyText.Encode(key));
                if (found.Result is { } result)
                {
                    json.WriteNumber("revision"u8, result.Revision.Value);
                    json.WriteString("result"u8, ChoiceOf<WriteStatus>.WordOf(result.Status));
                }

                json.WriteString("requestId"u8, id.ToString());
            });
        }
        else
        {
            await session.Output.WriteLineAsync(found.Status switch
            {
                OutcomeStatus.Applied => $"applied at revision {found.Result!.Revision.Value}",
                OutcomeStatus.Rejected => found.Result!.Status == WriteStatus.NotFound ? "rejected: there was no record" : "rejected: a condition did not hold",
                OutcomeStatus.NeverApplied => "never-applied: it has not happened, and from now on never will",
                _ => $"{outcome}: the store no longer knows",
            });
        }

        return found.Status is OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied ? ExitCode.Ok : ExitCode.OutcomeUnknown;
    }
}
