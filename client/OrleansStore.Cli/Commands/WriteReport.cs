using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary>Runs a write, and tells what became of it in words, JSON and an exit code.</summary>
/// <param name="session">Where to tell it.</param>
/// <param name="key">A key of the write.</param>
/// <param name="idempotencyKey">The id of the write.</param>
internal sealed class WriteReport(CliSession session, StoreKey key, string idempotencyKey)
{
    /// <summary>Waits for a write. One that is no longer waited for is told as one whose fate is not known, because it is not.</summary>
    /// <param name="write">Starts the write, with the options it is to have.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<WriteOutcome> RunAsync(Func<WriteOptions, ValueTask<WriteOutcome>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write(new WriteOptions { IdempotencyKey = idempotencyKey });
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            return new WriteOutcome.Unknown(RequestId.ForKey(idempotencyKey), e);
        }
    }

    /// <summary>Tells an applied write.</summary>
    /// <param name="applied">The outcome.</param>
    /// <param name="words">It in words, without the revision.</param>
    /// <param name="json">What stands in JSON beside revision and id.</param>
    public ExitCode Applied(WriteOutcome.Applied applied, string words, Action<Utf8JsonWriter> json)
    {
        if (session.IsJson)
        {
            session.WriteJson(writer =>
            {
                writer.WriteString("status"u8, "applied"u8);
                json(writer);
                writer.WriteNumber("revision"u8, applied.Revision.Value);
                writer.WriteNumber("durability"u8, applied.DurableCopies);
                writer.WriteString("requestId"u8, applied.RequestId.ToString());
            });
        }
        else
        {
            session.Output.WriteLine($"{words} at revision {applied.Revision.Value}");
        }

        return ExitCode.Ok;
    }

    /// <summary>Tells that a condition did not hold.</summary>
    /// <param name="failed">The outcome.</param>
    /// <param name="condition">Which one.</param>
    /// <param name="json">What stands in JSON beside status and id.</param>
    public ExitCode PreconditionFailed(WriteOutcome.PreconditionFailed failed, string condition, Action<Utf8JsonWriter> json)
    {
        TellJson("precondition-failed"u8, failed.RequestId, json);
        session.Tell($"ostore: {condition} Nothing changed.");
        return ExitCode.PreconditionFailed;
    }

    /// <summary>Tells that the fate of the write is not known, and how to find out.</summary>
    public ExitCode Unknown(WriteOutcome.Unknown unknown, Action<Utf8JsonWriter> json)
    {
        TellJson("outcome-unknown"u8, unknown.RequestId, json);
        session.Tell(unknown.Cause is OperationCanceledException
            ? "ostore: Cancelled. The write was under way: it may or may not take effect."
            : "ostore: There was no answer in time: the write may or may not take effect.");
        var space = session.Namespace is { } given ? $" --namespace {given.Name}" : "";
        session.Tell($"Find out with `ostore outcome{space} '{KeyText.Show(key).Replace("'", "%27", StringComparison.Ordinal)}' {Quote(idempotencyKey)}`, " +
            $"or send the same write again with --idempotency-key {Quote(idempotencyKey)}.");
        return ExitCode.OutcomeUnknown;
    }

    private void TellJson(ReadOnlySpan<byte> status, RequestId id, Action<Utf8JsonWriter> json)
    {
        if (session.IsJson)
        {
            var text = System.Text.Encoding.UTF8.GetString(status);
            session.WriteJson(writer =>
            {
                writer.WriteString("status"u8, text);
                json(writer);
                writer.WriteString("requestId"u8, id.ToString());
            });
        }
    }

    private static string Quote(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "-_.:/".Contains(c, StringComparison.Ordinal))
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
