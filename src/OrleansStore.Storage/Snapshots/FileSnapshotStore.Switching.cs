using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <content>From a temporary file to a durable snapshot.</content>
internal sealed partial class FileSnapshotStore
{
    /// <inheritdoc/>
    public async ValueTask WriteAsync(IFile file, long position, ReadOnlyMemory<byte> bytes)
    {
        ThrowIfFailed();
        await RequireSpaceAsync(bytes.Length);
        await GuardWriteAsync(async () =>
        {
            await file.WriteAsync(position, bytes);
            return true;
        });
    }

    /// <inheritdoc/>
    public async ValueTask DiscardAsync(IFile file)
    {
        await file.DisposeAsync();
        try
        {
            await _files.DeleteAsync(file.Path);
        }
        catch (IOException)
        {
            // It is removed when the folder is opened next; nothing refers to it.
        }
    }

    /// <inheritdoc/>
    public async ValueTask VerifyAsync(IFile file, SnapshotDescriptor expected) => await GuardReadAsync(async () =>
    {
        await SnapshotVerification.VerifyAsync(file, _storeId, expected);
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask<SnapshotDescriptor> SwitchAsync(IFile file, SnapshotDescriptor snapshot)
    {
        await _switching.WaitAsync();
        try
        {
            ThrowIfFailed();
            if (Newest(snapshot.Bucket) is { } newest && newest.Metadata.Index >= snapshot.Metadata.Index)
            {
                await DiscardAsync(file);
                return newest;
            }

            await MakeDurableAsync(file, snapshot);
            await DeleteAsync(DirectoryOf(snapshot.Bucket), Register(snapshot));
            return snapshot;
        }
        catch
        {
            await DiscardAsync(file);
            throw;
        }
        finally
        {
            _switching.Release();
        }
    }

    internal static async ValueTask<T> GuardReadAsync<T>(Func<ValueTask<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(ErrorCode.StorageFailed, $"Reading a snapshot failed: {exception.Message}", isTransient: false, exception);
        }
    }

    private static async ValueTask<T> GuardWriteAsync<T>(Func<ValueTask<T>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(ErrorCode.Unavailable, $"Writing a snapshot failed: {exception.Message}", isTransient: true, exception);
        }
    }

    /// <summary>Invariant 7: first the bytes, then the name, then the directory that holds the name.</summary>
    private async ValueTask MakeDurableAsync(IFile file, SnapshotDescriptor snapshot)
    {
        await SyncAsync(file);
        await file.DisposeAsync();
        var directory = DirectoryOf(snapshot.Bucket);
        await GuardWriteAsync(async () =>
        {
            await _files.RenameAsync(file.Path, FilePath.Join(directory, SnapshotNames.OfSnapshot(snapshot.Revision)));
            return true;
        });
        await SyncDirectoryAsync(directory);
    }

    private async ValueTask SyncAsync(IFile file) => await GuardSyncAsync(file.Path, file.SyncAsync);

    private async ValueTask SyncDirectoryAsync(string directory) => await GuardSyncAsync(directory, () => _files.SyncDirectoryAsync(directory));

    private async ValueTask GuardSyncAsync(string path, Func<ValueTask> sync)
    {
        try
        {
            await sync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var reason = new StoreException(ErrorCode.StorageFailed, $"The sync of {path} failed: {exception.Message}", isTransient: false, exception);
            lock (_gate)
            {
                _failure ??= reason;
            }

            _poison(reason);
            throw reason;
        }
    }

    private void ThrowIfFailed()
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                throw _failure;
            }
        }
    }

    private async ValueTask RequireSpaceAsync(int bytes)
    {
        if (Interlocked.Add(ref _bytesSinceSpaceCheck, bytes) < SpaceCheckBytes)
        {
            return;
        }

        Interlocked.Exchange(ref _bytesSinceSpaceCheck, 0);
        if (await GuardReadAsync(_checkSpace) == DiskSpaceState.Critical)
        {
            // The rest of the room is the log's: without it the whole silo would fail, without this snapshot only its log stays longer.
            throw new StoreException(ErrorCode.DiskFull, "The disk is too full for a snapshot.", isTransient: true);
        }
    }

    private List<SnapshotDescriptor> Register(SnapshotDescriptor snapshot)
    {
        lock (_gate)
        {
            List<SnapshotDescriptor> older = [];
            if (_snapshots.TryGetValue(snapshot.Bucket, out var list))
            {
                // One of the same revision had the same name, and the renaming has replaced it.
                older = [.. list.Where(old => old.Revision != snapshot.Revision)];
            }

            _snapshots[snapshot.Bucket] = [snapshot];
            return older;
        }
    }

    private async ValueTask DeleteAsync(string directory, List<SnapshotDescriptor> older)
    {
        foreach (var snapshot in older)
        {
            try
            {
                await _files.DeleteAsync(FilePath.Join(directory, SnapshotNames.OfSnapshot(snapshot.Revision)));
            }
            catch (IOException)
            {
                // It is deleted when the folder is opened next; nothing refers to it.
            }
        }
    }

    private async ValueTask EnsureDirectoryAsync(BucketId bucket)
    {
        lock (_gate)
        {
            if (_directories.Contains(bucket))
            {
                return;
            }
        }

        await _files.CreateDirectoryAsync(DirectoryOf(bucket));
        await SyncDirectoryAsync(_directory);
        lock (_gate)
        {
            _directories.Add(bucket);
        }
    }
}
