using OrleansStore.Storage.Folders;

namespace OrleansStore.Storage.Testing;

/// <summary>One process with storage on a <see cref="MemoryDisk"/>, driven by a pump and by manual time.</summary>
/// <remarks>After a crash of the disk a host is dropped and another one is opened.</remarks>
public sealed class StorageHost
{
    /// <summary>The folder on the disk.</summary>
    public const string FolderPath = "data/dc1";

    /// <summary>Whose data it is.</summary>
    public static readonly StoreIdentity Identity = new(new StoreId(new UInt128(0x0011223344556677, 0x8899AABBCCDDEEFF)), 1, "dc1");

    /// <summary>Bounds so small that a short workload rolls over, copies forward and drops segments.</summary>
    public static readonly StorageOptions SmallOptions = new()
    {
        SegmentBytes = 4096,
        MaxBatchBytes = 64 << 10,
        ZeroAheadBytes = 1024,
        MinRetainedBytes = 8192,
        MaxRetainedFactor = 2,
        CopyBudgetBytes = 4096,
        MinReserveBytes = 0,
    };

    private readonly DataFolder _folder;

    private StorageHost(MemoryDisk disk, PumpScheduler pump, ManualTime time, CompletionRecorder recorder, DataFolder folder, FileReplicaStorage storage)
    {
        Disk = disk;
        Pump = pump;
        Time = time;
        Recorder = recorder;
        _folder = folder;
        Storage = storage;
    }

    /// <summary>The disk.</summary>
    public MemoryDisk Disk { get; }

    /// <summary>Runs everything.</summary>
    public PumpScheduler Pump { get; }

    /// <summary>The clock of the storage.</summary>
    public ManualTime Time { get; }

    /// <summary>What the log reported.</summary>
    public CompletionRecorder Recorder { get; }

    /// <summary>The storage.</summary>
    public FileReplicaStorage Storage { get; }

    /// <summary>Opens the folder, sets it up if it is empty, and opens the storage.</summary>
    public static StorageHost Open(MemoryDisk disk, StorageOptions? options = null, StoreIdentity? identity = null)
    {
        var (pump, time, recorder) = (new PumpScheduler(), new ManualTime(), new CompletionRecorder());
        return pump.Run(async () =>
        {
            var folder = await DataFolder.OpenAsync(disk, FolderPath);
            try
            {
                if (folder.Identity is null)
                {
                    await folder.InitializeAsync(identity ?? Identity);
                }

                var storage = await FileReplicaStorage.OpenAsync(folder, options ?? SmallOptions, pump, time, recorder);
                return new StorageHost(disk, pump, time, recorder, folder, storage);
            }
            catch
            {
                await folder.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Opens a replica.</summary>
    public OpenedReplica OpenReplica(BucketId bucket) => Pump.Run(() => Storage.OpenAsync(bucket, CancellationToken.None));

    /// <summary>Queues an append and lets the log do all it has to.</summary>
    public AppendStatus Append(IReplicaLog log, in LogAppend append, ulong token = 0)
    {
        var status = log.TryAppend(append, token);
        Pump.RunAll();
        return status;
    }

    /// <summary>Lets the idle seal fall due.</summary>
    public void Idle()
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        Pump.RunAll();
    }

    /// <summary>Closes storage and folder in good order.</summary>
    public void Close() => Pump.Run(async () =>
    {
        await Storage.DisposeAsync();
        await _folder.DisposeAsync();
    });

    /// <summary>Writes a snapshot.</summary>
    public SnapshotDescriptor TakeSnapshot(BucketId bucket, Revision revision, Consensus.SnapshotMetadata metadata, ReadOnlyMemory<byte> content) => Pump.Run(async () =>
    {
        await using var writer = await Storage.Snapshots.CreateAsync(bucket, revision, metadata, CancellationToken.None);
        await writer.WriteAsync(content, CancellationToken.None);
        return await writer.CommitAsync();
    });

    /// <summary>Reads the whole content of a snapshot.</summary>
    public byte[] ReadSnapshot(SnapshotDescriptor snapshot) => Pump.Run(async () =>
    {
        await using var reader = await Storage.Snapshots.OpenAsync(snapshot, CancellationToken.None);
        using var content = new MemoryStream();
        var buffer = new byte[StorageOptions.SnapshotBlockBytes];
        for (var read = -1; read != 0;)
        {
            read = await reader.ReadAsync(buffer, CancellationToken.None);
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    });
}
