namespace OrleansStore.Storage.Files;

/// <summary>All that storage asks of the operating system. The production form completes every call on the calling thread before it returns;
/// the simulator's gives each a virtual latency, loses what was not synced, and fails on demand.</summary>
/// <remarks>Paths use <c>/</c>; see <see cref="FilePath"/>. Methods throw <see cref="IOException"/> where the operating system fails. Safe for concurrent use.</remarks>
public interface IFileSystem
{
    /// <summary>Creates a directory and the missing ones above it. Durable once each parent was synced.</summary>
    ValueTask CreateDirectoryAsync(string path);

    /// <summary>The names, without path, of the files and directories in a directory, in ordinal order; empty where it does not exist.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string directory);

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">It does not exist and <paramref name="mode"/> is not <see cref="FileOpenMode.Create"/>.</exception>
    ValueTask<IFile> OpenAsync(string path, FileOpenMode mode);

    /// <summary>Renames a file within one directory and replaces a file of the new name, atomically. Durable once the directory was synced.</summary>
    ValueTask RenameAsync(string from, string to);

    /// <summary>Deletes a file; no error where it does not exist. Durable once the directory was synced.</summary>
    ValueTask DeleteAsync(string path);

    /// <summary>On completion every creation, renaming and deletion of names in this directory survives a power failure.</summary>
    /// <exception cref="UnauthorizedAccessException">This process may not open the directory.</exception>
    ValueTask SyncDirectoryAsync(string directory);

    /// <summary>The room on the volume that holds a directory.</summary>
    ValueTask<DiskSpace> GetSpaceAsync(string directory);

    /// <summary>Takes an exclusive lock that ends with the handle or the process, whichever is first.</summary>
    /// <param name="path">The lock file; created if missing, and left behind.</param>
    /// <returns>The lock; disposing it releases it.</returns>
    /// <exception cref="StoreException"><see cref="ErrorCode.DataFolderInUse"/>: somebody holds it. The message names the process if it is known.</exception>
    ValueTask<IAsyncDisposable> LockAsync(string path);
}
