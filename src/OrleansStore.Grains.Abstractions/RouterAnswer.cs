namespace OrleansStore.Grains.Abstractions;

/// <summary>An answer of the router with what identifies it, or why there is none.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
[GenerateSerializer, Immutable, Alias("orleansstore.answer`1")]
public sealed class RouterAnswer<T>
    where T : class
{
    /// <summary>The answer; null exactly where <see cref="Refusal"/> is set.</summary>
    [Id(0)]
    public T? Result { get; init; }

    /// <summary>The bucket of the request's keys; the default where a scan or a refusal has none.</summary>
    [Id(1)]
    public BucketId Bucket { get; init; }

    /// <summary>The id of the request: of a write the one to ask for its outcome with.</summary>
    [Id(2)]
    public RequestId RequestId { get; init; }

    /// <summary>Why the request was refused, and would be again: nothing of it happened. Null where there is an answer.</summary>
    [Id(3)]
    public ErrorCode? Refusal { get; init; }

    /// <summary>The refusal in words; holds no keys and no values.</summary>
    [Id(4)]
    public string? Detail { get; init; }
}
