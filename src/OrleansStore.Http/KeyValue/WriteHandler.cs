using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Conditions;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;

namespace OrleansStore.Http.KeyValue;

/// <summary>PUT and DELETE of a key: a transaction of one operation, guarded by the conditions of the request.</summary>
internal static class WriteHandler
{
    public static async Task PutAsync(Exchange exchange)
    {
        // What is wrong with the head of the request is told before its body is asked for.
        if (!KeyRequest.TryRead(exchange.Target, isRead: false, out var request, out var problem) ||
            !RequestConditions.TryRead(exchange.Headers, out var conditions, out problem))
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        problem = RequestHeaders.ReadContentType(exchange, out var contentType) ?? RequestHeaders.ReadIdentity(exchange);
        if (problem is not null)
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        var body = await BodyReader.ReadAsync(exchange, exchange.Facade.Options.MaxValueBytes);
        problem = body.Problem ?? (exchange.Remaining <= TimeSpan.Zero ? TimedReader.TooSlow() with { ClosesConnection = false } : null);
        if (problem is not null)
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        await WriteAsync(exchange, request.Key, Operation.Put(request.Key, body.Bytes, contentType), conditions);
    }

    public static async Task DeleteAsync(Exchange exchange)
    {
        if (!KeyRequest.TryRead(exchange.Target, isRead: false, out var request, out var problem) ||
            !RequestConditions.TryRead(exchange.Headers, out var conditions, out problem))
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        problem = RequestHeaders.ReadIdentity(exchange);
        if (problem is not null)
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        await WriteAsync(exchange, request.Key, Operation.Delete(request.Key), conditions);
    }

    private static async Task WriteAsync(Exchange exchange, StoreKey key, Operation operation, RequestConditions conditions)
    {
        var facade = exchange.Facade;
        var transaction = new Transaction(conditions.ToGuards(key), [operation], facade.Options.MaxValueBytes);
        var reply = await facade.Store.WriteAsync(transaction, exchange.Identity, exchange.Enter(isWrite: true), exchange.Http.RequestAborted);
        exchange.Identify(reply.Bucket, reply.RequestId);
        if (reply.Result.Status != WriteStatus.Applied)
        {
            await Reply.ProblemAsync(exchange, ProblemDetails.Of(reply.Result));
        }
        else if (operation.Kind == OperationKind.Delete)
        {
            Reply.Start(exchange, StatusCodes.Status204NoContent);
        }
        else
        {
            exchange.Response.Headers.ETag = Texts.EntityTag(reply.Result.Revision);
            await Reply.JsonAsync(exchange, StatusOf(reply.Result), (key, reply, exchange.RequestId), static (json, content) =>
            {
                json.Writer.WriteStartObject();
                JsonText.WriteKey(json.Writer, "key"u8, content.key);
                JsonText.WriteFate(json.Writer, content.reply.Result, content.reply.Bucket, content.RequestId);
                json.Writer.WriteEndObject();
            });
        }
    }

    private static int StatusOf(WriteResult result) =>
        result.Operations is [OperationOutcome.Created] ? StatusCodes.Status201Created : StatusCodes.Status200OK;
}
