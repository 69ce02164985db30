using OrleansStore.Consensus;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Snapshots;

namespace OrleansStore.Storage.Folders;

/// <summary>The writer of one replica on the shared log.</summary>
internal sealed class FileReplicaLog(WriteAheadLog log, FileSnapshotStore snapshots, StorageOptions options, BucketId bucket, WriterEpoch writer, MonotonicTime heldSince)
    : IReplicaLog, ILogWriter, IReplicaClaim
{
    private readonly AppendRules _rules = new(bucket, snapshots, options.MaxBatchBytes);
    private volatile bool _isClosed;

    public BucketId Bucket => bucket;

    public WriterEpoch Writer => writer;

    public bool IsOpen => !_isClosed;

    public void Start(LogState state) => _rules.Start(state);

    public AppendStatus TryAppend(in LogAppend append, ulong token)
    {
        var checkedAppend = _rules.Check(append);
        var status = log.TryAppend(this, append, token, checkedAppend.SizeBytes);
        if (status == AppendStatus.Queued)
        {
            _rules.Accept(checkedAppend);
        }

        return status;
    }

    public ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(first, LogIndex.None);
        return log.Failure is { } failure ? throw failure : log.ReadEntriesAsync(bucket, first, end, maxBytes, cancellationToken);
    }

    public MonotonicTime HeldSince => heldSince;

    /// <summary>The lock of the folder has no end: only a newer writer in this process takes over.</summary>
    public bool IsHeldAt(MonotonicTime now) => !_isClosed;

    public ValueTask WaitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Close() => _isClosed = true;
}
