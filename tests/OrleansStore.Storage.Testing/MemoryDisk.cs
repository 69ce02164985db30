using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Testing;

/// <summary>The file port in memory, for tests and the simulator: it loses what was not synced, tears writes, fails and crashes on demand.</summary>
/// <remarks>
/// <para>Model. A write is durable after a sync of its file, a name after a sync of its directory. At a power failure any sectors (512 bytes) of any unsynced
/// write survive or not, each on its own; so do new lengths, and creations, renames and deletions of names; a rename is atomic. A failed sync marks
/// everything clean, so that a repeated one succeeds and does nothing, while reads go on showing what is not on disk. Killing the process loses nothing.</para>
/// <para>Deterministic: the same seed and operations give the same bytes. Safe for concurrent use.</para>
/// </remarks>
public sealed class MemoryDisk : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _locks = [];
    private readonly Prng _random;
    private MemoryFolder _root = new();
    private bool _isDown;

    /// <summary>Creates an empty disk.</summary>
    /// <param name="seed">Decides what crashes take.</param>
    public MemoryDisk(ulong seed) => _random = new Prng(seed);

    /// <summary>How many operations have changed something, failed ones included.</summary>
    public long OperationCount { get; private set; }

    /// <summary>The operation during which the machine goes down; 0 for none. Its effect is in the cache then, and not synced.</summary>
    public long CrashAt { get; set; }

    /// <summary>Asked before every operation; true makes it fail with an <see cref="IOException"/>. A failed write has written a part of its bytes.</summary>
    public Func<DiskOperation, bool>? Fails { get; set; }

    /// <summary>Awaited before every operation: virtual latency. Null: operations complete at once, on the calling thread.</summary>
    public Func<DiskOperation, ValueTask>? Latency { get; set; }

    /// <summary>The size of the volume, in bytes. Writes beyond it fail.</summary>
    public long CapacityBytes { get; set; } = 1L << 40;

    internal long Generation { get; private set; }

    /// <summary>The bytes of all files.</summary>
    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return Sizes(_root, string.Empty).Sum(file => file.Bytes);
            }
        }
    }

    /// <summary>Power fails and comes back: open files and locks end, what was not synced is lost as told.</summary>
    public void Crash(CrashLoss loss)
    {
        lock (_gate)
        {
            _root.Crash(loss, _random);
            StartAnew();
        }
    }

    /// <summary>The process dies and the machine does not: open files and locks end, nothing is lost yet.</summary>
    public void KillProcess()
    {
        lock (_gate)
        {
            StartAnew();
        }
    }

    /// <summary>Another disk with the same content, all of it durable.</summary>
    public MemoryDisk Clone()
    {
        lock (_gate)
        {
            return new MemoryDisk(_random.NextBits()) { _root = (MemoryFolder)_root.Clone() };
        }
    }

    /// <summary>All files with their sizes, ordered by path.</summary>
    public IReadOnlyList<(string Path, long Bytes)> Files()
    {
        lock (_gate)
        {
            return [.. Sizes(_root, string.Empty)];
        }
    }

    /// <summary>The content of a file as programs see it.</summary>
    public byte[] Content(string path)
    {
        lock (_gate)
        {
            return Inode(path).Current.Span.ToArray();
        }
    }

    /// <summary>Creates a file with this content, durably, in directories that are created too.</summary>
    public void Put(string path, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            var folder = CreateFolders(FilePath.Parent(path), isDurable: true);
            var inode = new MemoryInode();
            inode.Write(0, content);
            inode.Sync();
            folder.Add(Name(path), inode);
            folder.Sync();
        }
    }

    /// <summary>Flips one bit of a file, on the platter.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bit">Its number: byte * 8 + bit, lowest bit first.</param>
    public void FlipBit(string path, long bit)
    {
        lock (_gate)
        {
            Inode(path).FlipBit(bit);
        }
    }

    /// <summary>A write went to the wrong place: a file holds, on the platter, what stands at the same place of another one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">The other file.</param>
    /// <param name="offset">Where, in bytes.</param>
    /// <param name="count">How many bytes; both files have them.</param>
    public void Misdirect(string path, string source, int offset, int count)
    {
        lock (_gate)
        {
            Inode(path).Overwrite(offset, Inode(source).Current.Span.Slice(offset, count));
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateDirectoryAsync(string path) =>
        ChangeAsync(DiskOperationKind.CreateDirectory, path, 0, () => CreateFolders(path, isDurable: false));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListAsync(string directory) => ReadAsync<IReadOnlyList<string>>(
        directory, 0, () => Find(directory) is MemoryFolder folder ? [.. folder.Current.Keys] : []);

    /// <inheritdoc/>
    public async ValueTask<IFile> OpenAsync(string path, FileOpenMode mode)
    {
        if (mode == FileOpenMode.Create)
        {
            await ChangeAsync(DiskOperationKind.Create, path, 0, () =>
            {
                if (Find(path) is MemoryInode existing)
                {
                    existing.SetLength(0);
                }
                else
                {
                    Folder(FilePath.Parent(path)).Add(Name(path), new MemoryInode());
                }
            });
        }

        return await ReadAsync<IFile>(path, 0, () => new MemoryFile(this, path, Inode(path), Generation));
    }

    /// <inheritdoc/>
    public ValueTask RenameAsync(string from, string to) => ChangeAsync(DiskOperationKind.Rename, from, 0, () =>
    {
        Inode(from);
        Folder(FilePath.Parent(from)).Rename(Name(from), Name(to));
    });

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path)
    {
        if (await ReadAsync(path, 0, () => Find(path) is not null))
        {
            await ChangeAsync(DiskOperationKind.Delete, path, 0, () => Folder(FilePath.Parent(path)).Remove(Name(path)));
        }
    }

    /// <inheritdoc/>
    public ValueTask SyncDirectoryAsync(string directory) =>
        ChangeAsync(DiskOperationKind.SyncDirectory, directory, 0, () => Folder(directory).Sync(), appliesBeforeCrash: false);

    /// <inheritdoc/>
    public ValueTask<DiskSpace> GetSpaceAsync(string directory) =>
        ReadAsync(directory, 0, () => new DiskSpace(CapacityBytes - Sizes(_root, string.Empty).Sum(file => file.Bytes), CapacityBytes));

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> LockAsync(string path) => ReadAsync<IAsyncDisposable>(path, 0, () =>
    {
        if (!_locks.Add(path))
        {
            throw new StoreException(ErrorCode.DataFolderInUse, $"The data folder {FilePath.Parent(path)} is in use by process 1.");
        }

        return new MemoryLock(this, path, Generation);
    });

    internal void Unlock(string path, long generation)
    {
        lock (_gate)
        {
            if (generation == Generation)
            {
                _locks.Remove(path);
            }
        }
    }

    internal async ValueTask<T> ReadAsync<T>(string path, int bytes, Func<T> read)
    {
        var operation = new DiskOperation(0, DiskOperationKind.Read, path, bytes);
        await DelayAsync(operation);
        lock (_gate)
        {
            ThrowIfDown();
            return Fails?.Invoke(operation) == true ? throw Failure(operation) : read();
        }
    }

    /// <param name="kind">What is asked.</param>
    /// <param name="path">Of what.</param>
    /// <param name="bytes">How many bytes are written.</param>
    /// <param name="apply">Does it, in the cache; for syncs, on the platter.</param>
    /// <param name="appliesBeforeCrash">Whether a crash at this operation finds its effect in the cache.</param>
    /// <param name="onFailure">What is left of it when it fails.</param>
    internal async ValueTask ChangeAsync(
        DiskOperationKind kind, string path, int bytes, Action apply, bool appliesBeforeCrash = true, Action? onFailure = null)
    {
        await DelayAsync(new DiskOperation(OperationCount + 1, kind, path, bytes));
        lock (_gate)
        {
            ThrowIfDown();
            var operation = new DiskOperation(++OperationCount, kind, path, bytes);
            if (operation.Number == CrashAt)
            {
                if (appliesBeforeCrash)
                {
                    apply();
                }

                _isDown = true;
                throw new DiskCrashedException();
            }

            if (Fails?.Invoke(operation) == true)
            {
                onFailure?.Invoke();
                throw Failure(operation);
            }

            if (bytes > 0 && CapacityBytes < 1L << 40 && Sizes(_root, string.Empty).Sum(file => file.Bytes) + bytes > CapacityBytes)
            {
                throw new DiskFullException($"There is no room left for {path}.");
            }

            apply();
        }
    }

    internal void FailSync(MemoryInode inode) => inode.FailSync(_random);

    internal void ThrowIfStale(long generation)
    {
        if (generation != Generation)
        {
            throw new DiskCrashedException("The file was opened before the crash.");
        }
    }

    private static IOException Failure(in DiskOperation operation) => new($"Injected failure of operation {operation.Number}, {operation.Kind} of {operation.Path}");

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static IEnumerable<(string Path, long Bytes)> Sizes(MemoryFolder folder, string path)
    {
        foreach (var (name, node) in folder.Current)
        {
            var child = path.Length == 0 ? name : FilePath.Join(path, name);
            foreach (var file in node is MemoryFolder inner ? Sizes(inner, child) : [(child, ((MemoryInode)node).Current.Length)])
            {
                yield return file;
            }
        }
    }

    private ValueTask DelayAsync(in DiskOperation operation) => Latency?.Invoke(operation) ?? ValueTask.CompletedTask;

    private void StartAnew()
    {
        Generation++;
        _isDown = false;
        CrashAt = 0;
        _locks.Clear();
    }

    private void ThrowIfDown()
    {
        if (_isDown)
        {
            throw new DiskCrashedException();
        }
    }

    private MemoryNode? Find(string path)
    {
        MemoryNode? node = _root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is MemoryFolder folder ? folder.Current.GetValueOrDefault(part) : null;
        }

        return node;
    }

    private MemoryFolder Folder(string path) => Find(path) as MemoryFolder ?? throw new DirectoryNotFoundException(path);

    private MemoryInode Inode(string path) => Find(path) as MemoryInode ?? throw new FileNotFoundException(path);

    private MemoryFolder CreateFolders(string path, bool isDurable)
    {
        var folder = _root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!folder.Current.TryGetValue(part, out var child))
            {
                child = new MemoryFolder();
                folder.Add(part, child);
            }

            if (isDurable)
            {
                folder.Sync();
            }

            folder = (MemoryFolder)child;
        }

        return folder;
    }
}
