namespace OrleansStore.Client.Orleans.Calls;

/// <summary>What one copy of a request came to.</summary>
/// <typeparam name="TResult">The type of the result.</typeparam>
/// <param name="IsDecided">Whether there is a result; null can be one.</param>
/// <param name="Result">The result.</param>
/// <param name="Fault">Why there is none; null where there is one.</param>
/// <param name="IsLost">Whether nobody can say what the copy did. Another may be sent, because it is the same request.</param>
/// <param name="RetryAfter">When the router wants to see the next copy; zero for no wish.</param>
internal readonly record struct Judgement<TResult>(bool IsDecided, TResult? Result, StoreException? Fault, bool IsLost, TimeSpan RetryAfter)
{
    /// <summary>Whether another copy would be refused as well.</summary>
    public bool IsFinal => Fault is { IsTransient: false };

    public static Judgement<TResult> Decided(TResult? result) => new(true, result, null, false, default);

    /// <summary>The store refuses it, and would refuse the next copy as well.</summary>
    public static Judgement<TResult> Refused(ErrorCode code, string reason) => new(false, default, new StoreException(code, reason), false, default);

    /// <summary>This copy provably did nothing; another may be served.</summary>
    public static Judgement<TResult> NotServed(ErrorCode code, string reason, TimeSpan? retryAfter = null) =>
        new(false, default, new StoreException(code, reason, isTransient: true), false, retryAfter ?? TimeSpan.Zero);

    /// <summary>Nobody can say what this copy did.</summary>
    public static Judgement<TResult> Lost(ErrorCode code, string reason, Exception? cause = null) =>
        new(false, default, new StoreException(code, reason, isTransient: true, cause), true, default);
}
