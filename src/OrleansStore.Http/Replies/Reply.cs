using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Replies;

/// <summary>Sends answers.</summary>
internal static class Reply
{
    /// <summary>Sends a JSON answer of known length.</summary>
    /// <typeparam name="T">What the content is made of.</typeparam>
    /// <param name="exchange">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="content">What the content is made of.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="contentType">The content type.</param>
    public static async Task JsonAsync<T>(Exchange exchange, int status, T content, Action<JsonReply, T> write, string contentType = Texts.Json)
    {
        var reply = exchange.Facade.Replies.Take();
        try
        {
            write(reply, content);
            await BytesAsync(exchange, status, contentType, reply.Finish());
        }
        finally
        {
            exchange.Facade.Replies.Return(reply);
        }
    }

    /// <summary>Sends an answer of known length; to HEAD without its content.</summary>
    public static async Task BytesAsync(Exchange exchange, int status, string contentType, ReadOnlyMemory<byte> content)
    {
        var response = Start(exchange, status);
        response.ContentType = contentType;
        response.ContentLength = content.Length;
        if (!exchange.IsHead)
        {
            await response.BodyWriter.WriteAsync(content, exchange.Http.RequestAborted);
        }
    }

    /// <summary>Begins an answer: its status, and the headers that all have.</summary>
    public static HttpResponse Start(Exchange exchange, int status)
    {
        var response = exchange.Response;
        response.StatusCode = status;
        response.Headers[HeaderNames.RequestId] = exchange.RequestId;
        if (exchange.Body.EndsConnection)
        {
            response.Headers.Connection = "close";
        }

        return response;
    }

    /// <summary>Answers with problem details. The connection stays usable unless the rest of the body forbids it.</summary>
    public static async Task ProblemAsync(Exchange exchange, Problem problem)
    {
        if (problem.ClosesConnection)
        {
            UnreadBody.Close(exchange);
        }
        else
        {
            await UnreadBody.LeaveAsync(exchange, DrainableBytes(exchange, problem));
        }

        var headers = exchange.Response.Headers;
        if (problem.Type.Status == StatusCodes.Status503ServiceUnavailable)
        {
            headers.RetryAfter = RetrySeconds(problem.RetryAfter ?? exchange.Facade.Options.RetryDelay);
        }

        if (problem.Allow is not null)
        {
            headers.Allow = problem.Allow;
        }

        await JsonAsync(exchange, problem.Type.Status, (problem, exchange.RequestId), static (reply, content) => Write(reply, content.problem, content.RequestId), Texts.ProblemJson);
    }

    private static void Write(JsonReply reply, Problem problem, string requestId)
    {
        var writer = reply.Writer;
        writer.WriteStartObject();
        writer.WriteString("type"u8, problem.Type.Uri);
        writer.WriteString("title"u8, problem.Type.Title);
        writer.WriteNumber("status"u8, problem.Type.Status);
        writer.WriteString("detail"u8, problem.Detail);
        writer.WriteString("code"u8, problem.Type.Code);
        writer.WriteString("requestId"u8, requestId);
        if (problem.Pointer is not null)
        {
            writer.WriteString("pointer"u8, problem.Pointer);
        }

        if (problem.FailedGuard is { } index)
        {
            writer.WriteStartObject("failedGuard"u8);
            writer.WriteNumber("index"u8, index);
            writer.WriteString("key"u8, problem.FailedKey);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string RetrySeconds(TimeSpan delay) =>
        Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    // After a 413 only the drain limit counts; after another error a body that would have been taken is read away.
    private static long DrainableBytes(Exchange exchange, Problem problem)
    {
        var options = exchange.Facade.Options;
        var taken = HttpMethods.IsPost(exchange.Method) ? options.MaxJsonBodyBytes : options.MaxValueBytes;
        return problem.Type == ProblemTypes.ValueTooLarge ? options.DrainLimitBytes : Math.Max(options.DrainLimitBytes, taken);
    }
}
