using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http;

/// <summary>Reads the headers that callers may set.</summary>
internal static class RequestHeaders
{
    /// <summary>Reads the deadline into the exchange.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static Problem? ReadTimeout(Exchange exchange)
    {
        var header = exchange.Headers[HeaderNames.Timeout];
        if (header.Count == 0)
        {
            return null;
        }

        var max = (int)exchange.Facade.Options.MaxTimeout.TotalMilliseconds;
        if (header.Count > 1 || !int.TryParse(header[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ||
            milliseconds < 1 || milliseconds > max)
        {
            return Problem.BadRequest($"{HeaderNames.Timeout} must be one whole number of milliseconds in [1, {max}].");
        }

        exchange.Timeout = TimeSpan.FromMilliseconds(milliseconds);
        return null;
    }

    /// <summary>Reads the caller's id of a write into the exchange: an idempotency key, or a place in a session.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static Problem? ReadIdentity(Exchange exchange)
    {
        var key = exchange.Headers[HeaderNames.IdempotencyKey];
        var session = exchange.Headers[HeaderNames.Session];
        if (key.Count == 0 && session.Count == 0)
        {
            return null;
        }

        if (key.Count > 0 && session.Count > 0)
        {
            return Problem.BadRequest($"{HeaderNames.IdempotencyKey} and {HeaderNames.Session} both name the request; give one of them.");
        }

        if (session.Count > 0)
        {
            return ReadSession(exchange, session);
        }

        if (key.Count > 1 || !IsIdempotencyKey(key[0]))
        {
            return Problem.BadRequest($"{HeaderNames.IdempotencyKey} must be given once, with 1 to {RequestId.MaxKeyLength} characters of printable ASCII.");
        }

        exchange.Identity = new RequestIdentity(RequestId.ForKey(key[0]!));
        return null;
    }

    private static Problem? ReadSession(Exchange exchange, StringValues header)
    {
        var text = header.Count == 1 ? header[0]! : string.Empty;
        var end = text.LastIndexOf(':');
        if (end < 0 || !RequestId.TryParse($"s:{text[..end]}", out var id) ||
            !ulong.TryParse(text.AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var answered) || answered >= id.Sequence)
        {
            return Problem.BadRequest(
                $"{HeaderNames.Session} must be given once: the session's 32 hexadecimal digits, ':', the request's sequence number, ':', and a lower one up to which all are answered.");
        }

        exchange.Identity = new RequestIdentity(id, answered);
        return null;
    }

    /// <summary>Reads the content type of a value.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="contentType">The content type; null for none.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static Problem? ReadContentType(Exchange exchange, out string? contentType)
    {
        StringValues header = exchange.Headers.ContentType;
        contentType = header.Count == 1 ? header[0] : null;
        return header.Count > 1 || !IsContentType(contentType ?? string.Empty)
            ? Problem.BadRequest($"Content-Type must be given at most once, with at most {StoreLimits.MaxContentTypeBytes} characters of printable ASCII.")
            : null;
    }

    /// <summary>Refuses changes that a page of another site makes its visitor's browser send: the caller's place in the network is not the page's.</summary>
    /// <returns>What is wrong; null if nothing is. Only browsers send the header.</returns>
    public static Problem? RefuseOtherSites(Exchange exchange)
    {
        if (HttpMethods.IsGet(exchange.Method) || exchange.IsHead)
        {
            return null;
        }

        string? site = exchange.Headers[HeaderNames.FetchSite];
        return site is null or "none" or "same-origin"
            ? null
            : new Problem(ProblemTypes.Forbidden, "A page of another site may not change anything here.");
    }

    /// <summary>Whether a text can be an idempotency key.</summary>
    public static bool IsIdempotencyKey(string? text) =>
        text is { Length: >= 1 and <= RequestId.MaxKeyLength } && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Whether a text can be the content type of a value.</summary>
    public static bool IsContentType(string text) =>
        text.Length <= StoreLimits.MaxContentTypeBytes && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
