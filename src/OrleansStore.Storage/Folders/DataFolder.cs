using OrleansStore.Storage.Files;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Folders;

/// <summary>The data folder of one datacenter, locked for this process. On local files the lock is the claim of invariant 2.</summary>
/// <remarks>
/// <code>
/// &lt;data&gt;/&lt;datacenter&gt;/
///   LOCK                            held as long as this object lives; LOCK.pid names the holder
///   store.json                      whose data this is; written last when a folder is set up
///   wal/00000001.wal …              the log
///   snapshots/&lt;bucket&gt;/&lt;revision&gt;.snap
/// </code>
/// </remarks>
public sealed class DataFolder : IAsyncDisposable
{
    private const string LockName = "LOCK";
    private const string LogName = "wal";
    private const string SnapshotsName = "snapshots";

    private readonly IFileSystem _files;
    private readonly IAsyncDisposable _lock;

    private DataFolder(IFileSystem files, string path, IAsyncDisposable folderLock)
    {
        _files = files;
        Path = path;
        _lock = folderLock;
    }

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Whose data the folder holds; null while it is empty: nothing may be served from it before its store is known.</summary>
    public StoreIdentity? Identity { get; private set; }

    internal IFileSystem Files => _files;

    internal string LogDirectory => FilePath.Join(Path, LogName);

    internal string SnapshotDirectory => FilePath.Join(Path, SnapshotsName);

    /// <summary>Creates the folder if it is missing, locks it and reads whose it is.</summary>
    /// <param name="files">The file port.</param>
    /// <param name="path">The folder, with <c>/</c> between its parts.</param>
    /// <exception cref="StoreException"><see cref="ErrorCode.DataFolderInUse"/>, or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    /// <exception cref="CorruptionException"><c>store.json</c> is damaged, or missing beside a log that was used.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    public static async ValueTask<DataFolder> OpenAsync(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(path);
        await files.CreateDirectoryAsync(path);
        var folder = new DataFolder(files, path, await files.LockAsync(FilePath.Join(path, LockName)));
        try
        {
            folder.Identity = await folder.ReadIdentityAsync();
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets up an empty folder for a store. On completion that is durable; a crash before leaves an empty folder.</summary>
    /// <exception cref="InvalidOperationException">The folder is not empty.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    public async ValueTask InitializeAsync(StoreIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (Identity is not null)
        {
            throw new InvalidOperationException($"The data folder {Path} already holds store {Identity.StoreId}.");
        }

        // store.json comes last: where it stands, a log stands, so that a missing log is never taken for a new store.
        await _files.CreateDirectoryAsync(LogDirectory);
        await _files.CreateDirectoryAsync(SnapshotDirectory);
        await _files.SyncDirectoryAsync(Path);
        var segment = await new SegmentFactory(_files, LogDirectory, identity).CreateAsync(1, firstSequence: 1, firstSegment: 1, previousEnd: 0);
        await segment.File.DisposeAsync();
        await SyncAncestorsAsync();
        await WriteIdentityAsync(identity);
        Identity = identity;
    }

    /// <summary>Releases the lock. Storage that was opened on the folder is disposed of first.</summary>
    public ValueTask DisposeAsync() => _lock.DisposeAsync();

    private async ValueTask SyncAncestorsAsync()
    {
        // Any of them may have been created a moment ago, by this process or by one that was killed.
        for (var path = Path; path.Length > 0 && path != "/";)
        {
            path = FilePath.Parent(path);
            try
            {
                await _files.SyncDirectoryAsync(path);
            }
            catch (UnauthorizedAccessException)
            {
                // A directory that we may not even read is none that we created.
                return;
            }
        }
    }

    private async ValueTask WriteIdentityAsync(StoreIdentity identity)
    {
        var path = FilePath.Join(Path, StoreFile.Name);
        var temporary = path + SegmentFactory.TemporarySuffix;
        await using (var file = await _files.OpenAsync(temporary, FileOpenMode.Create))
        {
            await file.WriteAsync(0, StoreFile.Encode(identity));
            await file.SyncAsync();
        }

        await _files.RenameAsync(temporary, path);
        await _files.SyncDirectoryAsync(Path);
    }

    private async ValueTask<StoreIdentity?> ReadIdentityAsync()
    {
        var names = await _files.ListAsync(Path);
        var path = FilePath.Join(Path, StoreFile.Name);
        await _files.DeleteAsync(path + SegmentFactory.TemporarySuffix);
        if (!names.Contains(StoreFile.Name))
        {
            await RequireUnusedAsync(path);
            return null;
        }

        await using var file = await _files.OpenAsync(path, FileOpenMode.Read);
        var bytes = new byte[StoreFile.MaxBytes];
        var read = await file.ReadAsync(0, bytes);
        return StoreFile.Decode(path, bytes.AsSpan(0, read));
    }

    private async ValueTask RequireUnusedAsync(string identityPath)
    {
        // A crash while the folder was set up leaves at most one segment without any batch, and no snapshots.
        foreach (var name in await _files.ListAsync(LogDirectory))
        {
            var path = FilePath.Join(LogDirectory, name);
            await using var file = await _files.OpenAsync(path, FileOpenMode.Read);
            if (await file.GetLengthAsync() > SegmentHeader.SizeBytes || (SegmentFile.TryParseName(name, out var number) && number > 1))
            {
                throw new CorruptionException(identityPath, 0, $"the identity of the store whose log is {path}", "no such file");
            }
        }

        if ((await _files.ListAsync(SnapshotDirectory)).Count > 0)
        {
            throw new CorruptionException(identityPath, 0, $"the identity of the store whose snapshots are in {SnapshotDirectory}", "no such file");
        }
    }
}
