using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;
using OrleansStore.Http.Targets;
using OrleansStore.Http.Transactions;
using OrleansStore.Service;

namespace OrleansStore.Http.Outcomes;

/// <summary>POST of the question what became of a write. It settles the answer: it can no longer change afterwards (invariant 5).</summary>
internal static class OutcomeHandler
{
    private const int MaxBodyBytes = 16 * 1024;

    private static readonly string[] Names = ["key", "requestId", "firstSent"];

    public static async Task HandleAsync(Exchange exchange)
    {
        var body = QueryParameters.TryRead(exchange.Target.Query, [], out _, out var problem)
            ? await BodyReader.ReadAsync(exchange, MaxBodyBytes)
            : new BodyResult([], problem);
        if (body.Problem is not null)
        {
            await Reply.ProblemAsync(exchange, body.Problem);
            return;
        }

        StoreKey key;
        RequestId requestId;
        WallTime? firstSent;
        try
        {
            Read(body.Bytes, out key, out requestId, out firstSent);
        }
        catch (MalformedJsonException e)
        {
            await Reply.ProblemAsync(exchange, e.ToProblem());
            return;
        }

        // The query itself may be repeated at will, so a lost answer to it is no unknown write.
        var reply = await exchange.Facade.Store.GetOutcomeAsync(key, requestId, firstSent, exchange.Enter(isWrite: false), exchange.Http.RequestAborted);
        exchange.Identify(reply.Bucket, requestId);
        await (ProblemTypes.Of(reply.Result.Status) is null
            ? AnswerAsync(exchange, key, reply)
            : Reply.ProblemAsync(exchange, ProblemDetails.Of(reply.Result.Status)));
    }

    private static void Read(ReadOnlySpan<byte> body, out StoreKey key, out RequestId requestId, out WallTime? firstSent)
    {
        StoreKey? readKey = null;
        RequestId? readId = null;
        firstSent = null;
        var json = new StrictJson(body);
        var seen = json.StartObject();
        while (json.TryReadName(seen, Names, out var name))
        {
            switch (name)
            {
                case "requestId":
                    readId = IdOf(json.ReadText()) ?? throw json.Error("This is neither a request id nor an idempotency key.");
                    break;
                case "firstSent":
                    firstSent = json.ReadTime();
                    break;
                default:
                    readKey = KeyText.TryRead(json.ReadText(), out var given, out var problem)
                        ? given
                        : throw new MalformedJsonException(json.Pointer, problem.Detail) { Type = problem.Type };
                    break;
            }
        }

        json.End();
        key = readKey ?? throw json.Error("The key is missing.");
        requestId = readId ?? throw json.Error("The requestId is missing.");
    }

    // A caller that never saw an answer knows only the key it sent. What looks like an id is taken as one, never as a key that happens to look so.
    private static RequestId? IdOf(string text) =>
        RequestId.TryParse(text, out var id) ? id
        : !text.StartsWith("s:", StringComparison.Ordinal) && RequestHeaders.IsIdempotencyKey(text) ? RequestId.ForKey(text)
        : null;

    private static Task AnswerAsync(Exchange exchange, StoreKey key, StoreReply<OutcomeResult> reply) =>
        Reply.JsonAsync(exchange, StatusCodes.Status200OK, (key, reply, exchange.RequestId), static (json, content) =>
        {
            var outcome = content.reply.Result;
            var writer = json.Writer;
            writer.WriteStartObject();
            writer.WriteString("outcome"u8, Describe(outcome.Status));
            JsonText.WriteKey(writer, "key"u8, content.key);
            if (outcome.Result is { } result)
            {
                JsonText.WriteFate(writer, result, content.reply.Bucket, content.RequestId);
                JsonText.WriteOperations(writer, result);
                if (ProblemTypes.Of(result.Status) is { } reason)
                {
                    writer.WriteString("code"u8, reason.Code);
                }
            }
            else
            {
                writer.WriteNumber("bucket"u8, content.reply.Bucket.Packed);
                writer.WriteString("requestId"u8, content.RequestId);
            }

            writer.WriteEndObject();
        });

    private static string Describe(OutcomeStatus status) => status switch
    {
        OutcomeStatus.Applied => "applied",
        OutcomeStatus.Rejected => "rejected",
        OutcomeStatus.NeverApplied => "never-applied",
        _ => "expired",
    };
}
