using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.Transactions;

/// <summary>POST of a mini-transaction.</summary>
internal static class TransactionHandler
{
    public static async Task HandleAsync(Exchange exchange)
    {
        var facade = exchange.Facade;
        var problem = QueryParameters.TryRead(exchange.Target.Query, [], out _, out var queryProblem)
            ? RequestHeaders.ReadIdentity(exchange)
            : queryProblem;
        var body = problem is null ? await BodyReader.ReadAsync(exchange, facade.Options.MaxJsonBodyBytes) : new BodyResult([], problem);
        if (body.Problem is not null)
        {
            await Reply.ProblemAsync(exchange, body.Problem);
            return;
        }

        ParsedTransaction parsed;
        try
        {
            parsed = new TransactionReader(facade.Options.MaxValueBytes).Read(body.Bytes);
        }
        catch (MalformedJsonException e)
        {
            await Reply.ProblemAsync(exchange, e.ToProblem());
            return;
        }

        await WriteAsync(exchange, parsed);
    }

    private static async Task WriteAsync(Exchange exchange, ParsedTransaction parsed)
    {
        if (exchange.Remaining <= TimeSpan.Zero)
        {
            await Reply.ProblemAsync(exchange, TimedReader.TooSlow() with { ClosesConnection = false });
            return;
        }

        var store = exchange.Facade.Store;
        var reply = await store.WriteAsync(parsed.Transaction, exchange.Identity, exchange.Enter(isWrite: true), exchange.Http.RequestAborted);
        exchange.Identify(reply.Bucket, reply.RequestId);

        // Deletes that found nothing are no failure here: each operation's outcome says so.
        if (reply.Result.Status is not (WriteStatus.Applied or WriteStatus.NotFound))
        {
            await Reply.ProblemAsync(exchange, Explain(ProblemDetails.Of(reply.Result), reply.Result, parsed));
            return;
        }

        await Reply.JsonAsync(exchange, StatusCodes.Status200OK, (reply, exchange.RequestId), static (json, content) =>
        {
            json.Writer.WriteStartObject();
            JsonText.WriteFate(json.Writer, content.reply.Result, content.reply.Bucket, content.RequestId);
            JsonText.WriteOperations(json.Writer, content.reply.Result);
            json.Writer.WriteEndObject();
        });
    }

    private static Problem Explain(Problem problem, WriteResult result, ParsedTransaction parsed) =>
        result.FailedGuard is { } failed && failed >= 0 && failed < parsed.GuardPlaces.Length
            ? problem with
            {
                FailedGuard = parsed.GuardPlaces[failed],
                FailedKey = PercentEncoding.Encode(parsed.Transaction.Guards[failed].Key.Bytes.Span),
            }
            : problem;
}
