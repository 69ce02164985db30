using OrleansStore.Consensus;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Snapshots as files: written under another name, synced, renamed, and their directory synced, so that a name never stands for half a snapshot.</summary>
internal sealed partial class FileSnapshotStore : ISnapshotStore, ISnapshotStaging, IDisposable
{
    private const long SpaceCheckBytes = 8L << 20;

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly StoreId _storeId;
    private readonly Func<ValueTask<DiskSpaceState>> _checkSpace;
    private readonly Action<StoreException> _poison;

    // One switch at a time: two snapshots of one bucket may have the same revision, hence the same name.
    private readonly SemaphoreSlim _switching = new(1, 1);

    // Guards what follows. Invariant: every listed snapshot is durable, name included; each list is sorted by index.
    private readonly Lock _gate = new();
    private readonly Dictionary<BucketId, List<SnapshotDescriptor>> _snapshots = [];
    private readonly Dictionary<BucketId, SnapshotReceiver> _receivers = [];
    private readonly HashSet<BucketId> _directories = [];
    private StoreException? _failure;
    private long _lastTemporary;
    private long _bytesSinceSpaceCheck;

    /// <summary>Creates the store; <see cref="OpenAsync(IFileSystem, string, StoreId, Func{ValueTask{DiskSpaceState}}, Action{StoreException})"/> also reads what is there.</summary>
    private FileSnapshotStore(
        IFileSystem files, string directory, StoreId storeId, Func<ValueTask<DiskSpaceState>> checkSpace, Action<StoreException> poison)
    {
        _files = files;
        _directory = directory;
        _storeId = storeId;
        _checkSpace = checkSpace;
        _poison = poison;
    }

    /// <inheritdoc/>
    public SnapshotDescriptor? Newest(BucketId bucket)
    {
        lock (_gate)
        {
            return _snapshots.TryGetValue(bucket, out var list) ? list[^1] : null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<SnapshotDescriptor> List(BucketId bucket)
    {
        lock (_gate)
        {
            return _snapshots.TryGetValue(bucket, out var list) ? [.. list] : [];
        }
    }

    /// <summary>The buckets that have a durable snapshot, ordered by id.</summary>
    internal List<BucketId> ListBuckets()
    {
        lock (_gate)
        {
            return [.. _snapshots.Keys.Order()];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ISnapshotWriter> CreateAsync(
        BucketId bucket, Revision revision, SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        cancellationToken.ThrowIfCancellationRequested();
        var header = new SnapshotHeader(_storeId, bucket, revision, metadata);
        var number = Interlocked.Increment(ref _lastTemporary);
        var file = await GuardWriteAsync(async () =>
        {
            await EnsureDirectoryAsync(bucket);
            var name = $"{SnapshotNames.OfSnapshot(revision)}.{number}{SnapshotNames.TemporarySuffix}";
            return await _files.OpenAsync(FilePath.Join(DirectoryOf(bucket), name), FileOpenMode.Create);
        });
        return new SnapshotWriter(this, file, header);
    }

    /// <inheritdoc/>
    public async ValueTask<ISnapshotReader> OpenAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var path = FilePath.Join(DirectoryOf(snapshot.Bucket), SnapshotNames.OfSnapshot(snapshot.Revision));
        IFile file;
        try
        {
            file = await GuardReadAsync(() => _files.OpenAsync(path, FileOpenMode.Read));
        }
        catch (StoreException exception) when (exception.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Deleted(snapshot, exception);
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await VerifyAsync(file, snapshot);
            var scanner = new SnapshotScanner(file, _storeId, snapshot.SizeBytes);
            await GuardReadAsync(scanner.ReadHeaderAsync);
            return new SnapshotReader(file, snapshot, scanner);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ISnapshotReceiver> ReceiveAsync(SnapshotDescriptor snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        cancellationToken.ThrowIfCancellationRequested();
        SnapshotReceiver? previous;
        lock (_gate)
        {
            _receivers.Remove(snapshot.Bucket, out previous);
        }

        if (previous is not null)
        {
            await previous.DisposeAsync();
        }

        var receiver = await GuardWriteAsync(() => StageAsync(snapshot));
        lock (_gate)
        {
            _receivers[snapshot.Bucket] = receiver;
        }

        return receiver;
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(BucketId bucket)
    {
        SnapshotReceiver? receiver;
        lock (_gate)
        {
            _snapshots.Remove(bucket);
            _receivers.Remove(bucket, out receiver);
        }

        if (receiver is not null)
        {
            await receiver.DisposeAsync();
        }

        await GuardWriteAsync(async () =>
        {
            var directory = DirectoryOf(bucket);
            var names = await _files.ListAsync(directory);
            foreach (var name in names)
            {
                await _files.DeleteAsync(FilePath.Join(directory, name));
            }

            if (names.Count > 0)
            {
                await SyncDirectoryAsync(directory);
            }

            return true;
        });
    }

    public void Dispose() => _switching.Dispose();

    private static StoreException Deleted(SnapshotDescriptor snapshot, Exception? inner) => new(
        ErrorCode.NotFound, $"The snapshot of bucket {snapshot.Bucket} at revision {snapshot.Revision} was deleted.", isTransient: true, inner);

    internal string DirectoryOf(BucketId bucket) => FilePath.Join(_directory, SnapshotNames.OfBucket(bucket));
}
