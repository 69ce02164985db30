using OrleansStore.Consensus;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Snapshots;

namespace OrleansStore.Storage.Databases;

/// <summary>Snapshots as rows: staged chunk by chunk, and made the newest of their bucket by one small commit that is conditional on the writer.</summary>
internal sealed class DatabaseSnapshotStore(DatabaseEnvironment environment, StoreId storeId, Func<BucketId, ReplicaWriter?> writerOf) : ISnapshotStore, ISnapshotStaging
{
    // Guards what follows.
    private readonly Lock _gate = new();
    private readonly Dictionary<BucketId, (SnapshotDescriptor Descriptor, long Id)> _newest = [];
    private readonly Dictionary<BucketId, SnapshotReceiver> _receivers = [];

    // How many have a snapshot open here; a replaced one is deleted after the last of them.
    private readonly Dictionary<long, int> _open = [];
    private readonly HashSet<long> _replaced = [];

    public SnapshotDescriptor? Newest(BucketId bucket)
    {
        lock (_gate)
        {
            return _newest.TryGetValue(bucket, out var newest) ? newest.Descriptor : null;
        }
    }

    public IReadOnlyList<SnapshotDescriptor> List(BucketId bucket) => Newest(bucket) is { } newest ? [newest] : [];

    /// <summary>Takes in what a row says of the newest snapshot of its bucket.</summary>
    /// <exception cref="CorruptionException">The header is damaged, or names another bucket.</exception>
    /// <exception cref="StoreException">It is of another store or has a newer format.</exception>
    public void Take(in StoredReplica replica)
    {
        var bucket = replica.Writer.Bucket;
        if (replica.Snapshot is not { } stored)
        {
            Forget(bucket);
            return;
        }

        var header = SnapshotHeader.Decode($"snapshot {stored.Id} in {environment.Database.Name}", stored.Header, storeId);
        if (header.Bucket != bucket)
        {
            throw new CorruptionException(environment.Database.Name, 0, $"a snapshot of bucket {bucket}", $"one of bucket {header.Bucket}");
        }

        lock (_gate)
        {
            _newest[bucket] = (new SnapshotDescriptor(bucket, header.Revision, header.Metadata, stored.SizeBytes), stored.Id);
        }
    }

    /// <summary>Takes in that a bucket has no snapshot.</summary>
    public void Forget(BucketId bucket)
    {
        lock (_gate)
        {
            _newest.Remove(bucket);
        }
    }

    /// <summary>Snapshots that somebody has open here.</summary>
    public IReadOnlyCollection<long> OpenIds()
    {
        lock (_gate)
        {
            return [.. _open.Keys];
        }
    }

    public async ValueTask<ISnapshotWriter> CreateAsync(BucketId bucket, Revision revision, SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        var header = new SnapshotHeader(storeId, bucket, revision, metadata);
        return new SnapshotWriter(this, await StageAsync(new StagedSnapshot(RequireWriter(bucket), false, revision, metadata.Index, 0), cancellationToken), header);
    }

    public async ValueTask<ISnapshotReader> OpenAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SnapshotRows rows;
        lock (_gate)
        {
            if (!_newest.TryGetValue(snapshot.Bucket, out var newest) || newest.Descriptor != snapshot)
            {
                throw new StoreException(ErrorCode.NotFound, $"The snapshot of bucket {snapshot.Bucket} at revision {snapshot.Revision} was deleted.", isTransient: true);
            }

            _open[newest.Id] = _open.GetValueOrDefault(newest.Id) + 1;
            rows = new SnapshotRows(environment, newest.Id, snapshot.SizeBytes) { Closed = OnClosed };
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await VerifyAsync(rows, snapshot);
            var scanner = new SnapshotScanner(rows, storeId, snapshot.SizeBytes);
            await scanner.ReadHeaderAsync();
            return new SnapshotReader(rows, snapshot, scanner);
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<ISnapshotReceiver> ReceiveAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        SnapshotReceiver? previous;
        lock (_gate)
        {
            _receivers.Remove(snapshot.Bucket, out previous);
        }

        if (previous is not null)
        {
            await previous.DisposeAsync();
        }

        var staged = new StagedSnapshot(RequireWriter(snapshot.Bucket), true, snapshot.Revision, snapshot.Metadata.Index, snapshot.SizeBytes);
        var receiver = await ResumeAsync(staged, snapshot, cancellationToken)
            ?? new SnapshotReceiver(this, await StageAsync(staged, cancellationToken), snapshot, nextOffset: 0);
        lock (_gate)
        {
            _receivers[snapshot.Bucket] = receiver;
        }

        return receiver;
    }

    public async ValueTask RemoveAsync(BucketId bucket)
    {
        var writer = RequireWriter(bucket);
        SnapshotReceiver? receiver;
        lock (_gate)
        {
            _newest.Remove(bucket);
            _receivers.Remove(bucket, out receiver);
        }

        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }

        await DeleteAsync(writer, snapshots: null);
    }

    public async ValueTask WriteAsync(IFile file, long position, ReadOnlyMemory<byte> bytes) => await file.WriteAsync(position, bytes);

    public async ValueTask DiscardAsync(IFile file)
    {
        var rows = (SnapshotRows)file;
        await rows.DisposeAsync();
        try
        {
            await DeleteAsync(default, [rows.Id]);
        }
        catch (StoreException)
        {
            // The next writer of the bucket deletes it; nothing refers to it.
        }
    }

    public ValueTask VerifyAsync(IFile file, SnapshotDescriptor expected) => SnapshotVerification.VerifyAsync(file, storeId, expected);

    public async ValueTask<SnapshotDescriptor> SwitchAsync(IFile file, SnapshotDescriptor snapshot)
    {
        var rows = (SnapshotRows)file;
        var writer = RequireWriter(snapshot.Bucket);
        await rows.SyncAsync();
        var header = new SnapshotHeader(storeId, snapshot.Bucket, snapshot.Revision, snapshot.Metadata).Encode();

        // Unknown outcomes need no care of their own: the same switch twice is the same as once.
        var outcome = await environment.RetryAsync(
            token => environment.Database.SwitchSnapshotAsync(rows.Id, writer, snapshot.Metadata.Index, snapshot.SizeBytes, header, token), CancellationToken.None);
        switch (outcome)
        {
            case SwitchOutcome.Switched:
                await ReplaceAsync(writer, snapshot, rows.Id);
                return snapshot;
            case SwitchOutcome.Overtaken:
                await DiscardAsync(file);
                return Newest(snapshot.Bucket) ?? snapshot;
            default:
                throw new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {snapshot.Bucket} was opened; its snapshot was not switched to.");
        }
    }

    private async ValueTask<SnapshotRows> StageAsync(StagedSnapshot snapshot, CancellationToken cancellationToken)
    {
        // One whose outcome is unknown is deleted by the next writer of the bucket.
        var id = await environment.RetryAsync(token => environment.Database.StageSnapshotAsync(snapshot, token), cancellationToken)
            ?? throw new StoreException(ErrorCode.WriterFenced, $"A newer writer of bucket {snapshot.Writer.Bucket} was opened.");
        return new SnapshotRows(environment, id, 0);
    }

    private async ValueTask<SnapshotReceiver?> ResumeAsync(StagedSnapshot staged, SnapshotDescriptor snapshot, CancellationToken cancellationToken)
    {
        if (await environment.RetryAsync(token => environment.Database.AdoptSnapshotAsync(staged, token), cancellationToken) is not { } found)
        {
            return null;
        }

        var rows = new SnapshotRows(environment, found.Id, found.StoredBytes);
        var received = await SnapshotVerification.SoundPrefixAsync(rows, storeId, snapshot);
        await rows.SetLengthAsync(received);
        return new SnapshotReceiver(this, rows, snapshot, received);
    }

    private async ValueTask ReplaceAsync(ReplicaWriter writer, SnapshotDescriptor snapshot, long id)
    {
        long? deletable = null;
        lock (_gate)
        {
            if (_newest.TryGetValue(snapshot.Bucket, out var old) && old.Id != id)
            {
                if (_open.ContainsKey(old.Id))
                {
                    _replaced.Add(old.Id);
                }
                else
                {
                    deletable = old.Id;
                }
            }

            _newest[snapshot.Bucket] = (snapshot, id);
        }

        if (deletable is { } replaced)
        {
            await TryDeleteAsync(writer, replaced);
        }
    }

    private void OnClosed(long id)
    {
        bool isDeletable;
        lock (_gate)
        {
            var count = _open[id] - 1;
            isDeletable = count == 0 && _replaced.Remove(id);
            if (count == 0)
            {
                _open.Remove(id);
            }
            else
            {
                _open[id] = count;
            }
        }

        if (isDeletable)
        {
            _ = TryDeleteAsync(default, id).AsTask();
        }
    }

    private async ValueTask TryDeleteAsync(ReplicaWriter writer, long id)
    {
        try
        {
            await DeleteAsync(writer, [id]);
        }
        catch (StoreException)
        {
            // The next writer of the bucket deletes it; nothing refers to it.
        }
    }

    private async ValueTask DeleteAsync(ReplicaWriter writer, IReadOnlyCollection<long>? snapshots) => await environment.RetryAsync(
        async token =>
        {
            await environment.Database.DeleteSnapshotsAsync(writer, snapshots, token);
            return true;
        },
        CancellationToken.None);

    private ReplicaWriter RequireWriter(BucketId bucket) =>
        writerOf(bucket) ?? throw new StoreException(ErrorCode.WriterFenced, $"Bucket {bucket} was not opened here, so nothing of it may be written.");
}
