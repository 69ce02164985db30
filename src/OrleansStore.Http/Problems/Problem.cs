namespace OrleansStore.Http.Problems;

/// <summary>One occurrence of an error, to be answered with problem details (RFC 9457).</summary>
/// <param name="Type">The kind.</param>
/// <param name="Detail">What is wrong with this request. Holds no keys and no values.</param>
internal sealed record Problem(ProblemType Type, string Detail)
{
    /// <summary>When a retry makes sense; null for the facade's default where the status asks for a <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The place in a JSON body, as a JSON pointer (RFC 6901); null where the body is not at fault.</summary>
    public string? Pointer { get; init; }

    /// <summary>The methods of the resource, for 405; else null.</summary>
    public string? Allow { get; init; }

    /// <summary>The first guard that failed, by its place in the request; null where the request names no guards.</summary>
    public int? FailedGuard { get; init; }

    /// <summary>The key of <see cref="FailedGuard"/>, percent-encoded; else null.</summary>
    public string? FailedKey { get; init; }

    /// <summary>Whether the state of the connection cannot be trusted, so that it has to end.</summary>
    public bool ClosesConnection { get; init; }

    public static Problem BadRequest(string detail) => new(ProblemTypes.BadRequest, detail);

    public static Problem ValueTooLarge(long maxBytes) => new(ProblemTypes.ValueTooLarge, $"At most {maxBytes} bytes are taken.");

    public static Problem Throttled(string detail) => new(ProblemTypes.Throttled, detail);
}
