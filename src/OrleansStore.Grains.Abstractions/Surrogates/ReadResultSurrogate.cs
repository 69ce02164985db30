namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>The result of a read in messages.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.read")]
internal struct ReadResultSurrogate
{
    [Id(0)]
    public ReadStatus Status;

    [Id(1)]
    public StoreRecord? Record;

    [Id(2)]
    public ulong Revision;

    [Id(3)]
    public ulong AppliedIndex;

    [Id(4)]
    public TimeSpan? RetryAfter;
}
