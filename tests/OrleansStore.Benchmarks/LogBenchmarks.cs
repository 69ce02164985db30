using BenchmarkDotNet.Attributes;
using OrleansStore.Consensus;
using OrleansStore.Storage;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;

namespace OrleansStore.Benchmarks;

/// <summary>The write-ahead log on the disk under the temporary folder: appends of one entry of 256 bytes, durable when they are counted.</summary>
[MemoryDiagnoser]
public class LogBenchmarks : ILogCompletions, IDisposable
{
    private const int Rounds = 64;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"orleansstore-benchmark-{Guid.NewGuid():N}");
    private readonly SemaphoreSlim _completed = new(0);
    private readonly Entry[] _entry = new Entry[1];
    private readonly byte[] _value = new byte[256];
    private DataFolder _folder = null!;
    private FileReplicaStorage _storage = null!;
    private IReplicaLog[] _logs = [];
    private ulong _last;

    /// <summary>How many buckets append at a time: what shares one sync.</summary>
    [Params(1, 64)]
    public int Buckets { get; set; }

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _folder = await DataFolder.OpenAsync(new LocalFileSystem(), _path);
        await _folder.InitializeAsync(new StoreIdentity(new StoreId(1), 1, "dc1"));
        _storage = await FileReplicaStorage.OpenAsync(_folder, new StorageOptions(), TaskScheduler.Default, TimeProvider.System, this);
        _logs = new IReplicaLog[Buckets];
        for (uint number = 0; number < _logs.Length; number++)
        {
            _logs[number] = (await _storage.OpenAsync(new BucketId(number), CancellationToken.None)).Log;
        }
    }

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _storage.DisposeAsync();
        await _folder.DisposeAsync();
        Directory.Delete(_path, recursive: true);
    }

    public void Dispose()
    {
        _completed.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One append of each bucket, and the wait until all are durable.</summary>
    [Benchmark(OperationsPerInvoke = Rounds)]
    public async Task Append()
    {
        for (var round = 0; round < Rounds; round++)
        {
            _last++;
            _entry[0] = new Entry(new Term(1), new LogIndex(_last), EntryType.Normal, _value);
            foreach (var log in _logs)
            {
                if (log.TryAppend(new LogAppend { Entries = _entry }, _last) != AppendStatus.Queued)
                {
                    throw new InvalidOperationException("The log does not take it.");
                }
            }

            for (var i = 0; i < _logs.Length; i++)
            {
                await _completed.WaitAsync();
            }
        }
    }

    void ILogCompletions.OnCompleted(in AppendCompletion completion) => _completed.Release();

    void ILogCompletions.OnBatchEnd()
    {
        // Each append is counted by itself.
    }

    void ILogCompletions.OnCapacity()
    {
        // So few appends never fill the queue.
    }

    void ILogCompletions.OnFenced(BucketId bucket, WriterEpoch writer) => throw new InvalidOperationException("Nobody else writes.");

    void ILogCompletions.OnFailed(StoreException reason) => Environment.FailFast(reason.Message);
}
