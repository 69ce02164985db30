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

    /// <summary>Reads the idempotency key into the exchange.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static Problem? ReadIdempotencyKey(Exchange exchange)
    {
        var header = exchange.Headers[HeaderNames.IdempotencyKey];
        if (header.Count == 0)
        {
            return null;
        }

        if (header.Count > 1 || !IsIdempotencyKey(header[0]))
        {
            return Problem.BadRequest($"{HeaderNames.IdempotencyKey} must be given once, with 1 to {RequestId.MaxKeyLength} characters of printable ASCII.");
        }

        exchange.IdempotencyKey = header[0];
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
