namespace OrleansStore.Storage.Testing;

/// <summary>Keeps what a log reports and lets tests wait for it. Safe for concurrent use.</summary>
public sealed class AwaitedCompletions : ILogCompletions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly List<AppendCompletion> _completions = [];
    private readonly List<(BucketId Bucket, WriterEpoch Writer)> _fenced = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private StoreException? _failure;
    private int _capacityCount;

    /// <summary>The reports so far, in order.</summary>
    public IReadOnlyList<AppendCompletion> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _completions];
            }
        }
    }

    /// <summary>How often there was room again.</summary>
    public int CapacityCount => Volatile.Read(ref _capacityCount);

    /// <summary>Why the storage failed; null while it has not.</summary>
    public StoreException? Failure => _failure;

    /// <summary>Writers that were told of newer ones.</summary>
    public IReadOnlyList<(BucketId Bucket, WriterEpoch Writer)> Fenced
    {
        get
        {
            lock (_gate)
            {
                return [.. _fenced];
            }
        }
    }

    /// <summary>Called for each report, on the log's scheduler, before anybody who waits for it goes on.</summary>
    public Action<AppendCompletion>? Completed { get; set; }

    /// <summary>Waits for the report of an append.</summary>
    public async Task<AppendCompletion> WaitAsync(WriterEpoch writer, ulong token)
    {
        await WaitAsync(() => _completions.Any(IsMeant));
        lock (_gate)
        {
            return _completions.First(IsMeant);
        }

        bool IsMeant(AppendCompletion completion) => completion.Writer == writer && completion.Token == token;
    }

    /// <summary>Waits for so many reports.</summary>
    public Task WaitAsync(int count) => WaitAsync(() => _completions.Count >= count);

    /// <summary>Waits until there was room again so often.</summary>
    public Task WaitForCapacityAsync(int count) => WaitAsync(() => _capacityCount >= count);

    /// <summary>Waits until so many writers were told of newer ones.</summary>
    public Task WaitForFencedAsync(int count) => WaitAsync(() => _fenced.Count >= count);

    /// <inheritdoc/>
    public void OnCompleted(in AppendCompletion completion)
    {
        Completed?.Invoke(completion);
        lock (_gate)
        {
            _completions.Add(completion);
        }
    }

    /// <inheritdoc/>
    public void OnBatchEnd() => Look();

    /// <inheritdoc/>
    public void OnCapacity()
    {
        Interlocked.Increment(ref _capacityCount);
        Look();
    }

    /// <inheritdoc/>
    public void OnFenced(BucketId bucket, WriterEpoch writer)
    {
        lock (_gate)
        {
            _fenced.Add((bucket, writer));
        }

        Look();
    }

    /// <inheritdoc/>
    public void OnFailed(StoreException reason) => _failure = reason;

    private Task WaitAsync(Func<bool> condition)
    {
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, met));
            return met.Task.WaitAsync(Patience);
        }
    }

    private void Look()
    {
        lock (_gate)
        {
            foreach (var (condition, met) in _waiting)
            {
                if (condition())
                {
                    met.TrySetResult();
                }
            }

            _waiting.RemoveAll(waiting => waiting.Met.Task.IsCompleted);
        }
    }
}
