using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Conditions;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;

namespace OrleansStore.Http.KeyValue;

/// <summary>GET and HEAD of a key.</summary>
internal static class ReadHandler
{
    public static async Task HandleAsync(Exchange exchange)
    {
        if (!KeyRequest.TryRead(exchange.Target, isRead: true, out var request, out var problem) ||
            !RequestConditions.TryRead(exchange.Headers, out var conditions, out problem))
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        var reply = await exchange.Facade.Store.ReadAsync(request.Key, request.Consistency, exchange.Enter(isWrite: false), exchange.Http.RequestAborted);
        exchange.Identify(reply.Bucket, reply.RequestId);
        var wasServed = reply.Result.Status is ReadStatus.Found or ReadStatus.NotFound;
        if (wasServed && request.Consistency == ReadConsistency.Eventual)
        {
            exchange.Response.Headers[HeaderNames.AppliedIndex] = reply.Result.AppliedIndex.Value.ToString(CultureInfo.InvariantCulture);
        }

        if (reply.Result is { Status: ReadStatus.Found, Record: { } record })
        {
            await AnswerAsync(exchange, record, conditions);
        }
        else
        {
            await Reply.ProblemAsync(exchange, ProblemDetails.Of(reply.Result.Status, reply.Result.RetryAfter));
        }
    }

    private static Task AnswerAsync(Exchange exchange, StoreRecord record, RequestConditions conditions)
    {
        var headers = exchange.Response.Headers;
        var status = conditions.StatusOfRead(record.ModifyRevision);
        if (status == StatusCodes.Status412PreconditionFailed)
        {
            return Reply.ProblemAsync(exchange, new Problem(ProblemTypes.PreconditionFailed, "The record is none of those that If-Match lists."));
        }

        headers.ETag = Texts.EntityTag(record.ModifyRevision);
        if (status == StatusCodes.Status304NotModified)
        {
            Reply.Start(exchange, status);
            return Task.CompletedTask;
        }

        // Whoever may write a value must not be able to run it as a page of this origin.
        headers.XContentTypeOptions = "nosniff";
        if (!IsInert(record.ContentType))
        {
            headers.ContentSecurityPolicy = "sandbox";
        }

        return Reply.BytesAsync(exchange, status, Texts.OfContentType(record.ContentType), record.Value);
    }

    private static bool IsInert(string contentType) => contentType is "" or Texts.DefaultContentType or Texts.Json or "text/plain";
}
