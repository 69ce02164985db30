namespace OrleansStore.Cli.Bench;

/// <summary>What became of one request.</summary>
/// <param name="Error">The code of the error; null where it was served.</param>
/// <param name="Revision">The revision that was read or written; 0 where the answer names none.</param>
internal readonly record struct BenchReply(string? Error, ulong Revision)
{
    /// <summary>There is no such record.</summary>
    public const string NotFound = "not-found";

    /// <summary>A condition did not hold.</summary>
    public const string PreconditionFailed = "precondition-failed";

    /// <summary>Nobody listens.</summary>
    public const string NotConnected = "not-connected";

    /// <summary>The connection broke before the answer.</summary>
    public const string ConnectionLost = "connection-lost";

    /// <summary>There was no answer, not even one that says so.</summary>
    public const string NoAnswer = "no-answer";

    /// <summary>The answer is none of HTTP/1.1.</summary>
    public const string BadAnswer = "bad-answer";

    public static BenchReply Served(ulong revision) => new(null, revision);

    public static BenchReply Failed(string error) => new(error, 0);
}
