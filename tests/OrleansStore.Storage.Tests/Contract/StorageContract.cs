using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;
using OrleansStore.Storage.Testing;
using OrleansStore.Storage.Tests.Durability;

namespace OrleansStore.Storage.Tests.Contract;

/// <summary>What every kind of storage does: the same tests run over files and over PostgreSQL.</summary>
public abstract class StorageContract
{
    private static readonly BucketId Bucket = new(1);
    private static readonly GroupConfig Config = GroupConfig.Create([ReplicaId.Create(1, 1), ReplicaId.Create(2, 9)]);

    protected static StoreIdentity Identity => StorageHost.Identity;

    [ContractFact, Trait("Category", "Integration")]
    public async Task Appends_AreFoundAgain_WhenTheStorageIsOpenedAnew()
    {
        var hardState = new HardState(new Term(7), ReplicaId.Create(40_000, 77), new LogIndex(3));
        await using (var process = await StartAsync())
        {
            var log = (await process.OpenAsync(Bucket)).Log;
            await process.AppendAsync(log, Entries(1, 3) with { HardState = hardState, DueTime = new DueTime(123_456_789_012_345_678) });
            await process.AppendAsync(log, Entries(4, 2, term: 7));
        }

        await using var next = await StartAsync();
        var state = (await next.OpenAsync(Bucket)).State;

        Assert.Equal(hardState, state.HardState);
        Assert.Equal(new DueTime(123_456_789_012_345_678), state.DueTime);
        Assert.Equal([1UL, 2, 3, 4, 5], state.Entries.Select(entry => entry.Index.Value));
        Assert.Equal([1UL, 1, 1, 7, 7], state.Entries.Select(entry => entry.Term.Value));
        Assert.All(state.Entries, entry => Assert.Equal(Data(entry.Index.Value, 50), entry.Data.ToArray()));
        Assert.Equal([(Bucket, new LogIndex(5))], next.Storage.ListBuckets().Select(summary => (summary.Bucket, summary.LastIndex)));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Entries_ReplaceTheTail_WhenTheyConflict()
    {
        await using var process = await StartAsync();
        var log = (await process.OpenAsync(Bucket)).Log;
        await process.AppendAsync(log, Entries(1, 10));
        await process.AppendAsync(log, Entries(4, 2, term: 2));

        var state = (await process.OpenAsync(Bucket)).State;

        Assert.Equal([1UL, 1, 1, 2, 2], state.Entries.Select(entry => entry.Term.Value));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Appends_TakeEffectInOrder_WhenManyMeetInOneFlush()
    {
        await using var process = await StartAsync();
        var log = (await process.OpenAsync(Bucket)).Log;
        await process.AppendAsync(log, Entries(1, 6));
        await process.TakeSnapshotAsync(Bucket, new Revision(1), At(4, term: 1), new byte[10]);
        LogAppend[] appends =
        [
            Entries(7, 2),
            Entries(5, 1, term: 2) with { HardState = new HardState(new Term(2), ReplicaId.None, new LogIndex(4)) },
            new LogAppend { CompactedTo = new EntryId(new Term(1), new LogIndex(3)) },
            Entries(6, 3, term: 2),
            new LogAppend { HardState = new HardState(new Term(3), ReplicaId.None, new LogIndex(8)) },
        ];
        for (var i = 0; i < appends.Length; i++)
        {
            Assert.Equal(AppendStatus.Queued, log.TryAppend(appends[i], 100 + (ulong)i));
        }

        await process.Completions.WaitAsync(log.Writer, 104);
        var state = (await process.OpenAsync(Bucket)).State;

        Assert.Equal([100UL, 101, 102, 103, 104], process.Completions.All.Select(completion => completion.Token).Where(token => token >= 100));
        Assert.Equal(new EntryId(new Term(1), new LogIndex(3)), state.CompactedTo);
        Assert.Equal([(4UL, 1UL), (5, 2), (6, 2), (7, 2), (8, 2)], state.Entries.Select(entry => (entry.Index.Value, entry.Term.Value)));
        Assert.Equal(new HardState(new Term(3), ReplicaId.None, new LogIndex(8)), state.HardState);
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task OlderWriter_IsRefusedAndSilent_WhenANewerOneIsOpened()
    {
        await using var process = await StartAsync();
        var old = await process.OpenAsync(Bucket);
        Assert.True(old.Claim.IsHeldAt(Now));
        Assert.Equal(AppendStatus.Queued, old.Log.TryAppend(Entries(1, 1), 7));

        var opened = await process.OpenAsync(Bucket);

        Assert.Equal(AppendStatus.Fenced, old.Log.TryAppend(Entries(2, 1), 8));
        Assert.False(old.Claim.IsHeldAt(Now));
        Assert.True(opened.Claim.IsHeldAt(Now));
        Assert.Equal(old.Claim.HeldSince, opened.Claim.HeldSince);
        Assert.Equal(new LogIndex(1), opened.State.LastIndex);
        Assert.True(opened.Log.Writer.Value > old.Log.Writer.Value);
        await process.AppendAsync(opened.Log, Entries(2, 1));
        opened.Log.Close();
        Assert.Equal(AppendStatus.Fenced, opened.Log.TryAppend(Entries(3, 1), 9));
        Assert.False(opened.Claim.IsHeldAt(Now));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Append_StopsItsBucketOnly_WhenItBreaksARule()
    {
        await using var process = await StartAsync();
        var log = (await process.OpenAsync(Bucket)).Log;
        await process.AppendAsync(log, Entries(1, 5));

        Assert.Throws<InvariantViolationException>(() => log.TryAppend(Entries(7, 1), 0));
        Assert.Throws<InvariantViolationException>(() => log.TryAppend(new LogAppend { CompactedTo = new EntryId(new Term(1), new LogIndex(3)) }, 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(default, 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(Entries(6, 1, bytes: 70_000), 0));
        Assert.Throws<ArgumentException>(() => log.TryAppend(Entries(6, 1) with { RemovesBucket = true }, 0));

        Assert.Null(process.Storage.Failure);
        await process.AppendAsync(log, Entries(6, 1));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Log_ThrottlesAndTellsOfRoom_WhenTheQueueIsFull()
    {
        await using var process = await StartAsync();
        var log = (await process.OpenAsync(Bucket)).Log;
        var queued = 0UL;
        while (log.TryAppend(Entries(queued + 1, 1, bytes: 30_000), queued + 1) == AppendStatus.Queued)
        {
            queued++;
        }

        await process.Completions.WaitForCapacityAsync(1);
        await process.Completions.WaitAsync((int)queued);
        await process.AppendAsync(log, Entries(queued + 1, 1));
        Assert.Equal(new LogIndex(queued + 1), (await process.OpenAsync(Bucket)).State.LastIndex);
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task ReadEntries_GivesConsecutiveEntries_WhenBounded()
    {
        await using var process = await StartAsync();
        var log = (await process.OpenAsync(Bucket)).Log;
        for (var index = 1UL; index <= 100; index += 4)
        {
            await process.AppendAsync(log, Entries(index, 4, bytes: 100));
        }

        foreach (var (first, end, maxBytes, expected) in new (ulong, ulong, long, int)[] { (1, 101, 1 << 20, 100), (40, 45, 1 << 20, 5), (40, 100, 300, 2), (40, 100, 1, 1), (101, 110, 1000, 0) })
        {
            var read = await log.ReadEntriesAsync(new LogIndex(first), new LogIndex(end), maxBytes, CancellationToken.None);
            Assert.Equal(Enumerable.Range(0, expected).Select(i => first + (ulong)i), read.Select(entry => entry.Index.Value));
        }
    }

    [ContractTheory, Trait("Category", "Integration")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(300_000)]
    public async Task Snapshot_GivesBackItsContent_WhenItHasAnySize(int bytes)
    {
        await using var process = await StartAsync();
        await process.OpenAsync(Bucket);
        var content = new Prng(1).NextBytes(bytes);

        var descriptor = await process.TakeSnapshotAsync(Bucket, new Revision(4), At(9), content);

        Assert.Equal(descriptor, process.Storage.Snapshots.Newest(Bucket));
        Assert.Equal(content, await process.ReadSnapshotAsync(descriptor));
        Assert.Equal(StoredSnapshots.Encode(Bucket, new Revision(4), At(9), content).Bytes, await ReadStoredAsync(process, descriptor));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Snapshot_StaysReadable_WhenANewerOneReplacesItMeanwhile()
    {
        await using var process = await StartAsync();
        await process.OpenAsync(Bucket);
        var old = await process.TakeSnapshotAsync(Bucket, new Revision(1), At(1), new byte[] { 1 });
        var buffer = new byte[StorageOptions.SnapshotBlockBytes];
        SnapshotDescriptor current;
        await using (var reader = await process.Storage.Snapshots.OpenAsync(old, CancellationToken.None))
        {
            current = await process.TakeSnapshotAsync(Bucket, new Revision(2), At(2), new byte[] { 2 });
            Assert.Equal(1, await reader.ReadAsync(buffer, CancellationToken.None));
            Assert.Equal(1, buffer[0]);
            Assert.Equal(0, await reader.ReadAsync(buffer, CancellationToken.None));
        }

        Assert.Equal([current], process.Storage.Snapshots.List(Bucket));
        var exception = await Assert.ThrowsAsync<StoreException>(() => process.ReadSnapshotAsync(old));
        Assert.Equal(ErrorCode.NotFound, exception.Code);
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Store_KeepsTheNewer_WhenAnOlderSnapshotIsCommittedLater()
    {
        await using var process = await StartAsync();
        await process.OpenAsync(Bucket);
        var newer = await process.TakeSnapshotAsync(Bucket, new Revision(1), At(20), new byte[] { 2 });

        Assert.Equal(newer, await process.TakeSnapshotAsync(Bucket, new Revision(1), At(10), new byte[] { 1 }));
        Assert.Equal([2], await process.ReadSnapshotAsync(newer));
    }

    [ContractTheory, Trait("Category", "Integration")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reception_Resumes_WhenItsConnectionOrItsProcessEnds(bool processEnds)
    {
        var content = new Prng(3).NextBytes(200_000);
        var sent = StoredSnapshots.Encode(Bucket, new Revision(5), At(5), content);
        var process = await StartAsync();
        try
        {
            await process.AppendAsync((await process.OpenAsync(Bucket)).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
            await using (var receiver = await process.Storage.Snapshots.ReceiveAsync(sent.Descriptor, CancellationToken.None))
            {
                Assert.Equal(0, receiver.NextOffset);
                for (var offset = 0; offset < 150_000; offset += 50_000)
                {
                    Assert.True(await receiver.TryWriteAsync(offset, sent.Bytes.AsMemory(offset, 50_000), CancellationToken.None));
                }

                Assert.False(await receiver.TryWriteAsync(50_000, sent.Bytes.AsMemory(50_000, 50_000), CancellationToken.None));
            }

            if (processEnds)
            {
                await process.DisposeAsync();
                process = await StartAsync();
                await process.OpenAsync(Bucket);
            }

            await using (var resumed = await process.Storage.Snapshots.ReceiveAsync(sent.Descriptor, CancellationToken.None))
            {
                Assert.InRange(resumed.NextOffset, 50_000, 150_000);
                Assert.Null(process.Storage.Snapshots.Newest(Bucket));
            }

            Assert.Equal(sent.Descriptor, await StoredSnapshots.SendAsync(process.Storage.Snapshots, sent, 60_000));
            Assert.Equal(content, await process.ReadSnapshotAsync(sent.Descriptor));
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Reception_StartsAgain_WhenWhatArrivedIsNotWhatWasAnnounced()
    {
        await using var process = await StartAsync();
        await process.AppendAsync((await process.OpenAsync(Bucket)).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
        var sent = StoredSnapshots.Encode(Bucket, new Revision(5), At(5), new Prng(3).NextBytes(1000));
        var damaged = sent.Bytes.ToArray();
        damaged[500] ^= 4;

        await Assert.ThrowsAsync<CorruptionException>(async () => await StoredSnapshots.SendAsync(process.Storage.Snapshots, (sent.Descriptor, damaged), 300));

        Assert.Null(process.Storage.Snapshots.Newest(Bucket));
        Assert.Equal(sent.Descriptor, await StoredSnapshots.SendAsync(process.Storage.Snapshots, sent, 300));
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Log_IsResetToTheSnapshot_WhenAProcessEndedBeforeItTookNote()
    {
        var sent = StoredSnapshots.Encode(Bucket, new Revision(9), At(9), new byte[100]);
        await using (var process = await StartAsync())
        {
            await process.AppendAsync((await process.OpenAsync(Bucket)).Log, Entries(1, 3) with { HardState = new HardState(new Term(1), ReplicaId.Create(1, 1), new LogIndex(2)) });
            await StoredSnapshots.SendAsync(process.Storage.Snapshots, sent, 60_000);
        }

        await using var next = await StartAsync();
        for (var opening = 0; opening < 2; opening++)
        {
            var state = (await next.OpenAsync(Bucket)).State;
            Assert.Equal(new HardState(new Term(2), ReplicaId.None, new LogIndex(9)), state.HardState);
            Assert.Equal(At(9).LastEntry, state.CompactedTo);
            Assert.Empty(state.Entries);
            Assert.Equal(sent.Descriptor, state.Snapshot);
        }
    }

    [ContractFact, Trait("Category", "Integration")]
    public async Task Bucket_IsForgotten_WhenItIsRemoved()
    {
        await using (var process = await StartAsync())
        {
            var log = (await process.OpenAsync(Bucket)).Log;
            await process.AppendAsync(log, Entries(1, 3) with { DueTime = new DueTime(5) });
            await process.TakeSnapshotAsync(Bucket, new Revision(1), At(2), new byte[10]);
            await process.AppendAsync(log, new LogAppend { RemovesBucket = true });
            await process.Storage.Snapshots.RemoveAsync(Bucket);
            Assert.Empty(process.Storage.ListBuckets());
        }

        await using var next = await StartAsync();
        Assert.Empty(next.Storage.ListBuckets());
        var state = (await next.OpenAsync(Bucket)).State;
        Assert.Null(state.Snapshot);
        Assert.Equal((HardState.Empty, LogIndex.None, DueTime.None), (state.HardState, state.LastIndex, state.DueTime));
    }

    [ContractTheory, Trait("Category", "Property")]
    [InlineData(11UL)]
    [InlineData(12UL)]
    [InlineData(13UL)]
    public async Task Storage_AgreesWithTheModel_WhenItIsReopenedNowAndThen(ulong seed)
    {
        var workload = new ContractWorkload(seed);
        for (var process = 0; process < 4; process++)
        {
            await using var storage = await StartAsync();
            await workload.RunAsync(storage, steps: 40);
        }

        await using var last = await StartAsync();
        await workload.RunAsync(last, steps: 0);
    }

    /// <summary>The clock that storage was opened with.</summary>
    protected static MonotonicTime Now => new(TimeProvider.System.GetElapsedTime(0).Ticks);

    /// <summary>Opens the storage, with a queue of 64 KiB; after the first time it finds what was there.</summary>
    internal abstract Task<StorageProcess> StartAsync();

    internal static LogAppend Entries(ulong first, int count, ulong term = 1, int bytes = 50) => new()
    {
        Entries = Enumerable.Range(0, count)
            .Select(i => new Entry(new Term(term), new LogIndex(first + (ulong)i), EntryType.Normal, Data(first + (ulong)i, bytes))).ToArray(),
    };

    internal static SnapshotMetadata At(ulong index, ulong term = 2) => new(new LogIndex(index), new Term(term), Config);

    private static byte[] Data(ulong index, int bytes) => new Prng(index).NextBytes(bytes);

    private static async Task<byte[]> ReadStoredAsync(StorageProcess process, SnapshotDescriptor descriptor)
    {
        await using var reader = await process.Storage.Snapshots.OpenAsync(descriptor, CancellationToken.None);
        var bytes = new byte[descriptor.SizeBytes];
        Assert.Equal(bytes.Length, await reader.ReadStoredAsync(0, bytes, CancellationToken.None));
        return bytes;
    }
}
