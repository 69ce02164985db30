using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <content>What is found in the folder: at the start, and when a reception resumes.</content>
internal sealed partial class FileSnapshotStore
{
    /// <summary>Reads which snapshots there are, and removes what earlier runs left behind.</summary>
    /// <remarks>Header and footer of each are checked now, the content when it is opened: a start must not read every byte of every bucket.</remarks>
    /// <exception cref="CorruptionException">A header or footer is damaged.</exception>
    /// <exception cref="StoreException">A snapshot is of another store or has a newer format.</exception>
    public static async ValueTask<FileSnapshotStore> OpenAsync(
        IFileSystem files, string directory, StoreId storeId, Func<ValueTask<DiskSpaceState>> checkSpace, Action<StoreException> poison)
    {
        var store = new FileSnapshotStore(files, directory, storeId, checkSpace, poison);
        foreach (var name in await files.ListAsync(directory))
        {
            if (SnapshotNames.TryParseBucket(name, out var bucket))
            {
                await store.OpenBucketAsync(bucket);
            }
        }

        await files.SyncDirectoryAsync(directory);
        return store;
    }

    private async ValueTask OpenBucketAsync(BucketId bucket)
    {
        var directory = DirectoryOf(bucket);
        List<SnapshotDescriptor> found = [];
        foreach (var name in await _files.ListAsync(directory))
        {
            if (name.EndsWith(SnapshotNames.TemporarySuffix, StringComparison.Ordinal))
            {
                await _files.DeleteAsync(FilePath.Join(directory, name));
            }
            else if (name.EndsWith(SnapshotNames.Extension, StringComparison.Ordinal))
            {
                found.Add(await DescribeAsync(bucket, directory, name));
            }
        }

        // A name that a stopped process left in the cache may not be on disk yet, and the log may be compacted on its strength.
        await _files.SyncDirectoryAsync(directory);
        _directories.Add(bucket);
        found.Sort(static (left, right) => left.Metadata.Index.CompareTo(right.Metadata.Index));
        if (found.Count > 0)
        {
            _snapshots[bucket] = [found[^1]];
            await DeleteAsync(directory, found[..^1]);
        }

        await RemoveStaleReceptionAsync(bucket, directory);
    }

    private async ValueTask<SnapshotDescriptor> DescribeAsync(BucketId bucket, string directory, string name)
    {
        var path = FilePath.Join(directory, name);
        await using var file = await _files.OpenAsync(path, FileOpenMode.Read);
        var length = await file.GetLengthAsync();
        var header = await new SnapshotScanner(file, _storeId, length).ReadEndsAsync();
        if (header.Bucket != bucket || SnapshotNames.OfSnapshot(header.Revision) != name)
        {
            throw new CorruptionException(
                path, 0, $"a snapshot of bucket {bucket} named after its revision", $"one of bucket {header.Bucket} at revision {header.Revision}");
        }

        return new SnapshotDescriptor(bucket, header.Revision, header.Metadata, length);
    }

    /// <summary>Removes a staged snapshot that one at hand has overtaken, and one whose header never arrived whole.</summary>
    private async ValueTask RemoveStaleReceptionAsync(BucketId bucket, string directory)
    {
        foreach (var name in await _files.ListAsync(directory))
        {
            if (!name.EndsWith(SnapshotNames.IncomingSuffix, StringComparison.Ordinal))
            {
                continue;
            }

            var path = FilePath.Join(directory, name);
            if (await ReadStagedHeaderAsync(path) is not { } staged || Newest(bucket) is { } newest && newest.Metadata.Index >= staged.Metadata.Index)
            {
                await _files.DeleteAsync(path);
            }
        }
    }

    private async ValueTask<SnapshotHeader?> ReadStagedHeaderAsync(string path)
    {
        await using var file = await _files.OpenAsync(path, FileOpenMode.Read);
        try
        {
            return await new SnapshotScanner(file, _storeId, await file.GetLengthAsync()).ReadHeaderAsync();
        }
        catch (Exception exception) when (exception is CorruptionException or StoreException)
        {
            // Never synced and never used: whatever is wrong with it, it is only a transfer that starts again.
            return null;
        }
    }

    private async ValueTask<SnapshotReceiver> StageAsync(SnapshotDescriptor snapshot)
    {
        await EnsureDirectoryAsync(snapshot.Bucket);
        var directory = DirectoryOf(snapshot.Bucket);
        var wanted = SnapshotNames.OfSnapshot(snapshot.Revision) + SnapshotNames.IncomingSuffix;
        var exists = false;
        foreach (var name in await _files.ListAsync(directory))
        {
            exists |= name == wanted;
            if (name != wanted && name.EndsWith(SnapshotNames.IncomingSuffix, StringComparison.Ordinal))
            {
                await _files.DeleteAsync(FilePath.Join(directory, name));
            }
        }

        var file = await _files.OpenAsync(FilePath.Join(directory, wanted), exists ? FileOpenMode.ReadWrite : FileOpenMode.Create);
        var received = exists ? await SnapshotVerification.SoundPrefixAsync(file, _storeId, snapshot) : 0;
        await file.SetLengthAsync(received);
        return new SnapshotReceiver(this, file, snapshot, received);
    }
}
