using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary>Runs a write, and tells what became of it in words, JSON and an exit code.</summary>
/// <param name="session">Where to tell it.</param>
/// <param name="subject">Writes what the write is about into JSON.</param>
/// <param name="key">A key of the write.</param>
/// <param name="id">The id of the write.</param>
internal sealed class WriteReport(CliSession session, Action<Utf8JsonWriter> subject, StoreKey key, WriteId id)
{
    /// <summary>Waits for a write. One that is no longer waited for is told as one whose fate is not known, because it is not.</summary>
    /// <param name="write">Starts the write, with the options it is to have.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<WriteOutcome> RunAsync(Func<WriteOptions, ValueTask<WriteOutcome>> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await write(new WriteOptions { IdempotencyKey = id.Key });
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            return new WriteOutcome.Unknown(RequestId.ForKey(id.Key), e);
        }
    }

    /// <summary>Tells an applied write.</summary>
    /// <param name="applied">The outcome.</param>
    /// <param name="words">It in words, without the revision.</param>
    /// <param name="details">What stands in JSON beside the rest.</param>
    public ExitCode Applied(WriteOutcome.Applied applied, string words, Action<Utf8JsonWriter> details)
    {
        if (session.IsJson)
        {
            WriteJson("applied", applied.RequestId, json =>
            {
                details(json);
                json.WriteNumber("revision"u8, applied.Revision.Value);
                json.WriteNumber("durability"u8, applied.DurableCopies);
            });
        }
        else
        {
            session.Output.WriteLine($"{words} at revision {applied.Revision.Value}");
        }

        return ExitCode.Ok;
    }

    /// <summary>Tells that there was nothing to delete.</summary>
    public ExitCode NotFound(WriteOutcome.Applied applied)
    {
        WriteJson("not-found", applied.RequestId);
        session.Tell($"ostore: There is no record {KeyText.Show(key)}.");
        return ExitCode.NotFound;
    }

    /// <summary>Tells that a condition did not hold.</summary>
    /// <param name="failed">The outcome.</param>
    /// <param name="condition">Which one, as a sentence.</param>
    public ExitCode PreconditionFailed(WriteOutcome.PreconditionFailed failed, string condition)
    {
        WriteJson("precondition-failed", failed.RequestId, json =>
        {
            if (failed.FailedGuard is { } guard)
            {
                json.WriteNumber("failedGuard"u8, guard);
            }
        });
        session.Tell($"ostore: {condition} Nothing changed.");
        return ExitCode.PreconditionFailed;
    }

    /// <summary>Tells that the fate of the write is not known, and how to find out.</summary>
    public ExitCode Unknown(WriteOutcome.Unknown unknown)
    {
        WriteJson("outcome-unknown", unknown.RequestId);
        session.Tell(unknown.Cause is OperationCanceledException
            ? "ostore: Cancelled while the write was under way: it may or may not take effect."
            : "ostore: There was no answer in time: the write may or may not take effect.");
        var space = session.Namespace is { } given ? $" --namespace {given.Name}" : "";
        var sent = id.Made is { } made ? $" --first-sent {TimeOption.Show(made)}" : "";
        session.Tell($"Find out with: ostore outcome{space} {ShellText.Quote(KeyText.Show(key))} {ShellText.Quote(id.Key)}{sent}");
        session.Tell($"Or send the same write again with --idempotency-key {ShellText.Quote(id.Key)}.");
        return ExitCode.OutcomeUnknown;
    }

    private void WriteJson(string status, RequestId id, Action<Utf8JsonWriter>? details = null)
    {
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                json.WriteString("status"u8, status);
                subject(json);
                details?.Invoke(json);
                json.WriteString("requestId"u8, id.ToString());
            });
        }
    }
}
