using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansStore.Http.Connections;

namespace OrleansStore.Http.Bodies;

/// <summary>Decides what becomes of a body that the answer does not need, and so whether the connection can be kept.</summary>
/// <remarks>
/// <para>In HTTP/1.1 the next request begins where the body ends. So the rest of it is read and thrown away where that costs little; where it does not, the connection
/// is closed: after the answer, and after reading on for a while, because a close with unread data would make the caller's system drop the answer.</para>
/// <para>A caller that waits for 100 Continue has sent nothing, and is told by the answer that it need not (RFC 9110, section 10.1.1).</para>
/// </remarks>
internal static class UnreadBody
{
    /// <summary>Whether the request has a body.</summary>
    public static bool CanExist(Exchange exchange) =>
        exchange.Http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? exchange.Http.Request.ContentLength is > 0;

    /// <summary>To be called before an answer that leaves the body unread: keeps or ends the connection.</summary>
    /// <param name="exchange">The request; its answer has not begun.</param>
    /// <param name="maxBytes">How much of the body may be read for the sake of the connection.</param>
    public static ValueTask LeaveAsync(Exchange exchange, long maxBytes)
    {
        var body = exchange.Body;
        if (body.IsCompleted || body.IsSettled || !CanExist(exchange) || !IsHttp1(exchange))
        {
            return default;
        }

        body.IsSettled = true;
        var declared = exchange.Http.Request.ContentLength;
        if (!body.IsStarted && ExpectsContinue(exchange))
        {
            if (exchange.Http.Features.Get<IUnsentBodyFeature>()?.TrySkip(declared) != true)
            {
                Close(exchange);
            }

            return default;
        }

        if (declared is { } length)
        {
            // What is declared and short, the server itself reads after the answer.
            if (length - body.BytesRead > maxBytes)
            {
                Close(exchange);
            }

            return default;
        }

        return DrainChunkedAsync(exchange, maxBytes);
    }

    /// <summary>Ends the connection with this answer.</summary>
    public static void Close(Exchange exchange)
    {
        exchange.Body.IsSettled = true;
        exchange.Body.EndsConnection = IsHttp1(exchange);
    }

    /// <summary>To be called after the answer. Where the connection ends, reads on until the caller has had time to see the answer.</summary>
    public static ValueTask FinishAsync(Exchange exchange) =>
        exchange.Body is { EndsConnection: true, IsCompleted: false } && CanExist(exchange) ? EndAsync(exchange) : default;

    private static async ValueTask EndAsync(Exchange exchange)
    {
        await exchange.Response.CompleteAsync();
        if (!await ReadAwayAsync(exchange, long.MaxValue))
        {
            exchange.Http.Features.Get<IUnsentBodyFeature>()?.End(exchange.Http.Request.ContentLength - exchange.Body.BytesRead);
        }
    }

    // The length is not known, so whether the connection can be kept shows only by reading.
    private static async ValueTask DrainChunkedAsync(Exchange exchange, long maxBytes)
    {
        if (!await ReadAwayAsync(exchange, maxBytes))
        {
            Close(exchange);
        }
    }

    private static async ValueTask<bool> ReadAwayAsync(Exchange exchange, long maxBytes)
    {
        var limit = exchange.Facade.Options.DrainTimeout;
        var started = exchange.Facade.Time.GetTimestamp();
        var first = exchange.Body.BytesRead;
        using var reader = new TimedReader(exchange, limit);
        try
        {
            while (exchange.Body.BytesRead - first <= maxBytes && exchange.Facade.Time.GetElapsedTime(started) < limit)
            {
                if (await reader.ReadAsync() is not { } result)
                {
                    return false;
                }

                reader.AdvanceTo(result.Buffer);
                if (result.IsCompleted)
                {
                    exchange.Body.IsCompleted = true;
                    return true;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller went away or sent nonsense; either way nothing can follow on this connection.
        }

        return false;
    }

    private static bool IsHttp1(Exchange exchange) => HttpProtocol.IsHttp11(exchange.Http.Request.Protocol) || HttpProtocol.IsHttp10(exchange.Http.Request.Protocol);

    private static bool ExpectsContinue(Exchange exchange) =>
        string.Equals(exchange.Headers.Expect, "100-continue", StringComparison.OrdinalIgnoreCase);
}
