using OrleansStore.Consensus;
using OrleansStore.Diagnostics;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Log;

public sealed class AppendTests
{
    private static readonly BucketId Bucket = new(1);

    [Fact, Trait("Category", "Unit")]
    public void Log_SyncsOnce_WhenManyBucketsAppendMeanwhile()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var logs = Enumerable.Range(0, 20).Select(number => host.OpenReplica(new BucketId((uint)number)).Log).ToArray();
        var syncs = 0;
        host.Disk.Fails = operation =>
        {
            syncs += operation.Kind == DiskOperationKind.Sync ? 1 : 0;
            return false;
        };
        foreach (var log in logs)
        {
            Assert.Equal(AppendStatus.Queued, log.TryAppend(Entries(1, 1), token: log.Bucket.Number));
        }

        Assert.Empty(host.Recorder.Completions);
        host.Pump.RunAll();

        Assert.Equal(1, syncs);
        Assert.Equal(logs.Select(log => (ulong)log.Bucket.Number), host.Recorder.Completions.Select(completion => completion.Token));
        Assert.Equal(20, host.Storage.Statistics.Appends);
    }

    [Fact, Trait("Category", "Unit")]
    public void Log_ReportsNothing_WhenTheSyncHasNotEnded()
    {
        var gate = new TaskCompletionSource();
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var log = host.OpenReplica(Bucket).Log;
        host.Disk.Latency = operation => operation.Kind == DiskOperationKind.Sync ? new ValueTask(gate.Task) : ValueTask.CompletedTask;
        host.Append(log, Entries(1, 1), token: 1);
        host.Append(log, Entries(2, 1), token: 2);
        Assert.Empty(host.Recorder.Completions);
        Assert.Empty(host.Pump.Run(() => log.ReadEntriesAsync(new LogIndex(1), new LogIndex(9), 1000, CancellationToken.None)));

        host.Disk.Latency = null;
        host.Pump.Run(() =>
        {
            gate.SetResult();
            return ValueTask.CompletedTask;
        });

        Assert.Equal([1UL, 2UL], host.Recorder.Completions.Select(completion => completion.Token));
        Assert.Equal(2, host.Pump.Run(() => log.ReadEntriesAsync(new LogIndex(1), new LogIndex(9), 1000, CancellationToken.None)).Count);
    }

    [Fact, Trait("Category", "Unit")]
    public void Log_ThrottlesAndTellsOfRoom_WhenTheQueueIsFull()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var log = host.OpenReplica(Bucket).Log;
        var queued = 0UL;
        while (log.TryAppend(Entries(queued + 1, 1, bytes: 1000), queued) == AppendStatus.Queued)
        {
            queued++;
        }

        Assert.InRange(queued, 60UL, 64UL);
        Assert.Equal(0, host.Recorder.CapacityCount);
        host.Pump.RunAll();
        Assert.Equal(1, host.Recorder.CapacityCount);
        Assert.Equal(AppendStatus.Queued, host.Append(log, Entries(queued + 1, 1)));
        Assert.Equal(queued + 1, (ulong)host.Recorder.Completions.Count);
    }

    [Fact, Trait("Category", "Unit")]
    public void Append_IsRefused_WhenANewerWriterWasOpened()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var old = host.OpenReplica(Bucket).Log;
        Assert.Equal(AppendStatus.Queued, old.TryAppend(Entries(1, 1), token: 7));
        var opened = host.OpenReplica(Bucket);

        Assert.Equal(AppendStatus.Fenced, old.TryAppend(Entries(2, 1), token: 8));
        Assert.Equal(new LogIndex(1), opened.State.LastIndex);
        Assert.True(opened.Log.Writer.Value > old.Writer.Value);
        Assert.Equal((old.Writer, 7UL), (host.Recorder.Completions[0].Writer, host.Recorder.Completions[0].Token));
        Assert.Equal(AppendStatus.Queued, opened.Log.TryAppend(Entries(2, 1), token: 9));
        opened.Log.Close();
        Assert.Equal(AppendStatus.Fenced, opened.Log.TryAppend(Entries(3, 1), token: 10));
    }

    [Fact, Trait("Category", "Unit")]
    public void Append_StopsItsBucketOnly_WhenItBreaksARule()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var log = host.OpenReplica(Bucket).Log;
        host.Append(log, Entries(1, 5));

        Assert.Throws<InvariantViolationException>(() => log.TryAppend(Entries(7, 1), 0));
        Assert.Throws<InvariantViolationException>(() => log.TryAppend(new LogAppend { CompactedTo = new EntryId(new Term(1), new LogIndex(3)) }, 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(default, 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(Entries(6, 1, bytes: 70_000), 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(Entries(6, 1) with { RemovesBucket = true }, 0));

        Assert.Null(host.Storage.Failure);
        Assert.Equal(AppendStatus.Queued, host.Append(log, Entries(6, 1)));
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(1, 100, 1 << 20, 1, 100)]
    [InlineData(40, 45, 1 << 20, 40, 5)]
    [InlineData(40, 100, 300, 40, 2)]
    [InlineData(40, 100, 1, 40, 1)]
    [InlineData(101, 110, 1000, 0, 0)]
    public void ReadEntries_GivesConsecutiveEntries_WhenBounded(ulong first, ulong end, long maxBytes, ulong expectedFirst, int expectedCount)
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var log = host.OpenReplica(Bucket).Log;
        for (var index = 1UL; index <= 100; index += 4)
        {
            host.Append(log, Entries(index, 4, bytes: 100));
        }

        var read = host.Pump.Run(() => log.ReadEntriesAsync(new LogIndex(first), new LogIndex(end + (end == 100 ? 1UL : 0)), maxBytes, CancellationToken.None));

        Assert.Equal(Enumerable.Range(0, expectedCount).Select(i => expectedFirst + (ulong)i), read.Select(entry => entry.Index.Value));
    }

    [Fact, Trait("Category", "Unit")]
    public void TryAppend_AllocatesNothing_WhenBuffersHaveGrown()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1), new StorageOptions { MinReserveBytes = 0 });
        var logs = Enumerable.Range(0, 8).Select(number => host.OpenReplica(new BucketId((uint)number)).Log).ToArray();
        var appends = Enumerable.Range(1, 600).Select(index => Entries((ulong)index, 1, bytes: 256)).ToArray();
        var next = 0;
        for (var batch = 0; batch < 4; batch++)
        {
            Fill(100);
            host.Pump.RunAll();
        }

        // The first append wakes the idle loop, which takes a task object; all that meet in the batch after it take nothing.
        Fill(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(99);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Fill(int count)
        {
            for (var end = next + count; next < end; next++)
            {
                foreach (var log in logs)
                {
                    log.TryAppend(appends[next], token: 1);
                }
            }
        }
    }

    private static LogAppend Entries(ulong first, int count, int bytes = 50) => new()
    {
        Entries = Enumerable.Range(0, count).Select(i => new Entry(new Term(1), new LogIndex(first + (ulong)i), EntryType.Normal, new byte[bytes])).ToArray(),
    };
}
