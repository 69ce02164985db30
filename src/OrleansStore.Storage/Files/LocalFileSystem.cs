namespace OrleansStore.Storage.Files;

/// <summary>The file port on the operating system's files. Every call blocks the calling thread and has completed when it returns.</summary>
/// <remarks>fsync, not fdatasync: on files that were zeroed ahead, as the log's are, both cost the same (see the README), and fsync has one meaning everywhere.</remarks>
public sealed class LocalFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path)
    {
        Directory.CreateDirectory(path);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([]);
        }

        var names = new DirectoryInfo(directory).GetFileSystemInfos().Select(info => info.Name).Order(StringComparer.Ordinal).ToArray();
        return ValueTask.FromResult<IReadOnlyList<string>>(names);
    }

    /// <inheritdoc/>
    public ValueTask<IFile> OpenAsync(string path, FileOpenMode mode)
    {
        // The data folder's lock keeps other processes out; sharing lets this one read a file while it is written, renamed or deleted.
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        try
        {
            var handle = mode switch
            {
                FileOpenMode.Read => File.OpenHandle(path, FileMode.Open, FileAccess.Read, Share),
                FileOpenMode.ReadWrite => File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, Share),
                FileOpenMode.Create => File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, Share),
                _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a way to open a file."),
            };
            return ValueTask.FromResult<IFile>(new LocalFile(path, handle));
        }
        catch (IOException reason) when (DiskFullException.IsReasonOf(reason))
        {
            throw new DiskFullException($"There is no room left for {path}.", reason);
        }
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path)
    {
        File.Delete(path);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SyncDirectoryAsync(string directory)
    {
        DirectorySync.Sync(directory);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<DiskSpace> GetSpaceAsync(string directory)
    {
        var drive = new DriveInfo(Path.GetFullPath(directory));
        return ValueTask.FromResult(new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize));
    }

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> LockAsync(string path) => ValueTask.FromResult<IAsyncDisposable>(LocalFolderLock.Take(path));
}
