namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>The result of a write in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.write")]
internal struct WriteResultSurrogate
{
    [Id(0)]
    public WriteStatus Status;

    [Id(1)]
    public ulong Revision;

    [Id(2)]
    public int? FailedGuard;

    [Id(3)]
    public OperationOutcome[] Operations;

    [Id(4)]
    public int DurableCopies;

    [Id(5)]
    public TimeSpan? RetryAfter;
}
