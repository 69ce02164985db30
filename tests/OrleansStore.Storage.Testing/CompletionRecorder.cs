namespace OrleansStore.Storage.Testing;

/// <summary>Keeps what a log reports.</summary>
public sealed class CompletionRecorder : ILogCompletions
{
    private readonly List<AppendCompletion> _completions = [];
    private readonly List<StoreException> _failures = [];
    private readonly List<WriterEpoch> _fenced = [];

    /// <summary>The reports so far, in order.</summary>
    public IReadOnlyList<AppendCompletion> Completions => _completions;

    /// <summary>How often there was room again.</summary>
    public int CapacityCount { get; private set; }

    /// <summary>The failures of the storage; more than one is a bug.</summary>
    public IReadOnlyList<StoreException> Failures => _failures;

    /// <summary>Called for each report after it was kept.</summary>
    public Action<AppendCompletion>? Completed { get; set; }

    /// <inheritdoc/>
    public void OnCompleted(in AppendCompletion completion)
    {
        _completions.Add(completion);
        Completed?.Invoke(completion);
    }

    /// <inheritdoc/>
    public void OnBatchEnd()
    {
    }

    /// <inheritdoc/>
    public void OnCapacity() => CapacityCount++;

    /// <summary>The writers that were told of newer ones, in order.</summary>
    public IReadOnlyList<WriterEpoch> Fenced => _fenced;

    /// <inheritdoc/>
    public void OnFenced(BucketId bucket, WriterEpoch writer) => _fenced.Add(writer);

    /// <inheritdoc/>
    public void OnFailed(StoreException reason) => _failures.Add(reason);
}
