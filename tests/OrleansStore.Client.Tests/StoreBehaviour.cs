using System.Text;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>What every flavour of <see cref="IStore"/> does. A flavour derives a class that says how to reach a store; several tests use it at a time, with keys of their own.</summary>
public abstract class StoreBehaviour
{
    private readonly string _id = TestKeys.Unique();

    /// <summary>The store; owned by the derived class.</summary>
    protected abstract IStore Store { get; }

    [Fact]
    public async Task Get_ReturnsNull_WhenKeyHasNoRecord() => Assert.Null(await Store.GetAsync(Key("absent")));

    [Fact]
    public async Task Get_ReturnsWhatWasPut()
    {
        var applied = (await Store.PutAsync(Key("a"), Bytes("value"), contentType: "text/plain")).ThrowIfNotApplied();

        var item = await Store.GetAsync(Key("a"));

        Assert.NotNull(item);
        Assert.Equal(Key("a"), item.Key);
        Assert.Equal(applied.Revision, item.Revision);
        Assert.Equal("value", item.GetText());
        Assert.Equal(5, item.ValueBytes);
        Assert.Equal("text/plain", item.ContentType);
    }

    [Fact]
    public async Task Get_NamesTheDefaultContentType_WhenNoneWasPut()
    {
        await PutAsync(Key("a"), "x");

        Assert.Equal(StoreItem.DefaultContentType, (await Store.GetAsync(Key("a")))!.ContentType);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(StoreLimits.DefaultMaxValueBytes)]
    public async Task Get_ReturnsEveryByte_WhateverTheLength(int length)
    {
        var value = new byte[length];
        var random = new SplitMix64((ulong)length);
        for (var i = 0; i < length; i++)
        {
            value[i] = (byte)random.NextUInt64();
        }

        (await Store.PutAsync(Key("long"), value)).ThrowIfNotApplied();

        Assert.Equal(value, (await Store.GetAsync(Key("long")))!.Value.ToArray());
    }

    [Fact]
    public async Task Keys_KeepTheirBytes_WhateverTheyAre()
    {
        byte[][] tails = [[0], [0, 0], [0xFF, 0xFE], [.. "/../x"u8], [.. "/./"u8], [.. "//"u8], [.. "%2F"u8], [.. " ?#&+=%"u8], [.. "\"\\<>"u8], [.. "ä€😀"u8], [.. "/.."u8], [.. "."u8]];
        foreach (var tail in tails)
        {
            (await Store.PutAsync(Raw(tail), tail)).ThrowIfNotApplied();
        }

        foreach (var tail in tails)
        {
            Assert.Equal(tail, (await Store.GetAsync(Raw(tail)))?.Value.ToArray());
        }

        var scanned = await ListAsync(new ScanOptions { Prefix = Bytes(_id + ":raw:") });
        Assert.Equal(tails.Select(tail => Raw(tail)).Order(), scanned.Select(item => item.Key));
        foreach (var tail in tails)
        {
            Assert.True((await Store.DeleteAsync(Raw(tail))).ThrowIfNotApplied().HasChanged);
        }
    }

    [Fact]
    public async Task EventualGet_FindsARecord_OnceTheReplicaHasIt()
    {
        await PutAsync(Key("a"), "x");

        for (var i = 0; await Store.GetAsync(Key("a"), ReadOptions.Eventual) is null; i++)
        {
            Assert.True(i < 500, "The replica at hand does not catch up.");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task Put_TellsCreatedFromReplaced_AndRaisesTheRevision()
    {
        var first = await PutAsync(Key("a"), "1");
        var second = await PutAsync(Key("a"), "2");

        Assert.Equal([OperationOutcome.Created], first.Operations.AsEnumerable());
        Assert.Equal([OperationOutcome.Replaced], second.Operations.AsEnumerable());
        Assert.True(second.Revision > first.Revision);
        Assert.True(second.DurableCopies >= 1);
        Assert.NotEqual(first.RequestId, second.RequestId);
    }

    [Fact]
    public async Task Delete_RemovesTheRecord_AndSaysWhenThereWasNone()
    {
        await PutAsync(Key("a"), "1");

        var first = (await Store.DeleteAsync(Key("a"))).ThrowIfNotApplied();
        var second = (await Store.DeleteAsync(Key("a"))).ThrowIfNotApplied();

        Assert.True(first.HasChanged);
        Assert.True(first.Revision > Revision.None);
        Assert.False(second.HasChanged);
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task ConditionalPut_IsDecidedByWhatIsThere()
    {
        var key = Key("a");
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.PutAsync(key, Bytes("1"), WriteCondition.Exists));
        var first = (await Store.PutAsync(key, Bytes("1"), WriteCondition.NotExists)).ThrowIfNotApplied();
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.PutAsync(key, Bytes("2"), WriteCondition.NotExists));
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.PutAsync(key, Bytes("2"), WriteCondition.RevisionIs(first.Revision.Next)));
        var second = (await Store.PutAsync(key, Bytes("2"), WriteCondition.RevisionIs(first.Revision))).ThrowIfNotApplied();
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.PutAsync(key, Bytes("3"), WriteCondition.RevisionIs(first.Revision)));
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.PutAsync(key, Bytes("3"), WriteCondition.ValueIs(Bytes("1"))));
        Assert.IsType<WriteOutcome.Applied>(await Store.PutAsync(key, Bytes("3"), WriteCondition.ValueIs(Bytes("2"))));
        Assert.IsType<WriteOutcome.Applied>(await Store.PutAsync(key, Bytes("4"), WriteCondition.Exists));

        Assert.True(second.Revision > first.Revision);
        Assert.Equal("4", (await Store.GetAsync(key))!.GetText());
    }

    [Fact]
    public async Task ConditionalDelete_IsDecidedByWhatIsThere()
    {
        var key = Key("a");
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.DeleteAsync(key, WriteCondition.Exists));
        var put = await PutAsync(key, "1");
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.DeleteAsync(key, WriteCondition.RevisionIs(put.Revision.Next)));
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.DeleteAsync(key, WriteCondition.ValueIs(Bytes("2"))));

        Assert.IsType<WriteOutcome.Applied>(await Store.DeleteAsync(key, WriteCondition.RevisionIs(put.Revision)));

        Assert.Null(await Store.GetAsync(key));
    }

    [Fact]
    public async Task SinglePut_TakesGuardsWithSeveralRevisions()
    {
        var key = Key("a");
        var put = await PutAsync(key, "1");

        var failed = await Store.CommitAsync(Transaction.Of(Operation.Put(key, Bytes("2")), Guard.RevisionNotIn(key, put.Revision, put.Revision.Next)));
        var applied = await Store.CommitAsync(Transaction.Of(Operation.Put(key, Bytes("2")), Guard.RevisionIn(key, put.Revision.Next, put.Revision)));

        Assert.Equal(0, Assert.IsType<WriteOutcome.PreconditionFailed>(failed).FailedGuard);
        Assert.IsType<WriteOutcome.Applied>(applied);
    }

    [Fact]
    public async Task Transaction_ChangesAllOrNothing_AndNamesTheGuardThatFailed()
    {
        var cart = PartitionKey.FromText(_id);
        var (total, line, draft) = (cart.Key("total"), cart.Key("line"), cart.Key("draft"));
        await PutAsync(draft, "d");
        var before = await Store.GetAsync(draft);

        var applied = (await Store.Transact().WhenUnchanged(draft, before).WhenUnchanged(total, null).Put(total, "12", "text/plain").Put(line, "x").Delete(draft)
            .Delete(cart.Key("nothing")).CommitAsync()).ThrowIfNotApplied();
        var failed = await Store.Transact().When(Guard.Exists(total)).When(Guard.ValueEquals(line, Bytes("y"))).When(Guard.Exists(draft)).Put(total, "13").CommitAsync();

        Assert.Equal([OperationOutcome.Created, OperationOutcome.Created, OperationOutcome.Deleted, OperationOutcome.Missing], applied.Operations.AsEnumerable());
        Assert.Equal(1, Assert.IsType<WriteOutcome.PreconditionFailed>(failed).FailedGuard);
        var item = (await Store.GetAsync(total))!;
        Assert.Equal(("12", "text/plain", applied.Revision), (item.GetText(), item.ContentType, item.Revision));
        Assert.Equal(applied.Revision, (await Store.GetAsync(line))!.Revision);
        Assert.Null(await Store.GetAsync(draft));
    }

    [Fact]
    public async Task Transaction_OfGuardsAlone_ChangesNothing()
    {
        await PutAsync(Key("a"), "1");

        var held = await Store.Transact().When(Guard.Exists(Key("a"))).CommitAsync();

        Assert.False(Assert.IsType<WriteOutcome.Applied>(held).HasChanged);
        Assert.IsType<WriteOutcome.PreconditionFailed>(await Store.Transact().When(Guard.NotExists(Key("a"))).CommitAsync());
    }

    [Fact]
    public async Task Transaction_Fails_WhenKeysAreInSeveralBuckets()
    {
        // Of 40 partitions not all are in one bucket.
        var builder = Store.Transact();
        for (var i = 0; i < 40; i++)
        {
            builder.Put(Key($"spread{i}"), "x");
        }

        var e = await Assert.ThrowsAsync<StoreException>(async () => await builder.CommitAsync());

        Assert.Equal(ErrorCode.CrossBucket, e.Code);
        Assert.False(e.IsTransient);
        Assert.Null(await Store.GetAsync(Key("spread0")));
    }

    [Fact]
    public async Task Write_HappensOnce_WhenItsIdIsSentAgain()
    {
        var options = new WriteOptions { IdempotencyKey = $"{_id}-once" };
        var first = (await Store.PutAsync(Key("a"), Bytes("1"), WriteCondition.NotExists, options: options)).ThrowIfNotApplied();
        await PutAsync(Key("a"), "2");

        var second = (await Store.PutAsync(Key("a"), Bytes("1"), WriteCondition.NotExists, options: options)).ThrowIfNotApplied();

        Assert.Equal((first.Revision, first.RequestId), (second.Revision, second.RequestId));
        Assert.Equal([OperationOutcome.Created], second.Operations.AsEnumerable());
        Assert.Equal("2", (await Store.GetAsync(Key("a")))!.GetText());
    }

    [Fact]
    public async Task Write_Fails_WhenItsIdBelongsToAnother()
    {
        var options = new WriteOptions { IdempotencyKey = $"{_id}-taken" };
        await Store.PutAsync(Key("a"), Bytes("1"), options: options);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await Store.PutAsync(Key("a"), Bytes("2"), options: options));

        Assert.Equal((ErrorCode.IdempotencyMismatch, false), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task Write_Fails_WhenItsValueIsTooLong()
    {
        var e = await Assert.ThrowsAsync<StoreException>(async () =>
            await Store.PutAsync(Key("a"), new byte[StoreLimits.DefaultMaxValueBytes + 1]));

        Assert.Equal((ErrorCode.ValueTooLarge, false), (e.Code, e.IsTransient));
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task Outcome_IsTheFirstAnswer_WhenTheWriteWasDecided()
    {
        var applied = (await Store.PutAsync(Key("a"), Bytes("1"), options: new WriteOptions { IdempotencyKey = $"{_id}-applied" })).ThrowIfNotApplied();
        var rejected = await Store.PutAsync(Key("a"), Bytes("2"), WriteCondition.NotExists, options: new WriteOptions { IdempotencyKey = $"{_id}-rejected" });

        var ofApplied = await Store.GetOutcomeAsync(Key("a"), applied.RequestId);
        var ofRejected = await Store.GetOutcomeAsync(Key("a"), rejected.RequestId);

        Assert.Equal((OutcomeStatus.Applied, applied.Revision), (ofApplied.Status, ofApplied.Result!.Revision));
        Assert.Equal([OperationOutcome.Created], ofApplied.Result.Operations.AsEnumerable());
        Assert.Equal((OutcomeStatus.Rejected, WriteStatus.PreconditionFailed), (ofRejected.Status, ofRejected.Result!.Status));
    }

    // What was answered the caller knows; without an id of the caller's own the store need not remember it.
    [Fact]
    public async Task Outcome_IsNeverAnotherOne_WhenTheWriteWasAnswered()
    {
        var applied = await PutAsync(Key("a"), "1");
        await PutAsync(Key("a"), "2");

        var outcome = await Store.GetOutcomeAsync(Key("a"), applied.RequestId);

        Assert.True(outcome.Status is OutcomeStatus.Applied or OutcomeStatus.Expired, $"{outcome.Status}");
    }

    [Fact]
    public async Task Outcome_SettlesThatAWriteNeverHappens_WhenItHasNot()
    {
        var options = new WriteOptions { IdempotencyKey = $"{_id}-never" };

        var outcome = await Store.GetOutcomeAsync(Key("a"), RequestId.ForKey(options.IdempotencyKey), new OutcomeOptions { FirstSent = DateTimeOffset.UtcNow });
        var e = await Assert.ThrowsAsync<StoreException>(async () => await Store.PutAsync(Key("a"), Bytes("late"), options: options));

        Assert.Equal(OutcomeStatus.NeverApplied, outcome.Status);
        Assert.Equal(ErrorCode.RequestExpired, e.Code);
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Scan_ReturnsEachRecordOnceInOrder_WhateverThePageSize(int pageSize)
    {
        for (var i = 0; i < 20; i++)
        {
            await PutAsync(Key($"scan{i:D2}"), $"v{i}");
        }

        var items = await ListAsync(ScanOptions.OfPrefix($"{_id}scan") with { PageSize = pageSize });

        Assert.Equal(Enumerable.Range(0, 20).Select(i => Key($"scan{i:D2}")), items.Select(item => item.Key));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"v{i}"), items.Select(item => item.GetText()));
    }

    [Fact]
    public async Task Scan_KeepsToItsBounds_AndLeavesOutValuesWhereAsked()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await PutAsync(Key(name), "value");
        }

        var items = await ListAsync(new ScanOptions { Prefix = Bytes(_id), Start = Bytes($"{_id}b"), End = Bytes($"{_id}d"), IncludeValues = false });

        Assert.Equal([Key("b"), Key("c")], items.Select(item => item.Key));
        Assert.All(items, item => Assert.Equal((0, 5), (item.Value.Length, item.ValueBytes)));
    }

    [Fact]
    public async Task Calls_End_WhenTheirTokenIsCancelled()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.GetAsync(Key("a"), cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.PutAsync(Key("a"), Bytes("1"), cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ScanAsync(cancellationToken: cancelled).GetAsyncEnumerator().MoveNextAsync());
        Assert.Null(await Store.GetAsync(Key("a")));
    }

    [Fact]
    public async Task Calls_RefuseWhatIsNoKey()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.GetAsync(default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.GetOutcomeAsync(default, RequestId.ForKey("x")));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.GetOutcomeAsync(Key("a"), RequestId.None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.PutAsync(default, Bytes("1")));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.PutAsync(Key("a"), new byte[StoreLimits.MaxValueBytes + 1]));
    }

    [Fact]
    public async Task Namespaces_DoNotSeeEachOther()
    {
        var key = Key("a");
        var (one, two) = (Store.Namespace("one"), Store.Namespace("one.two"));
        var nested = one.Namespace("one");
        foreach (var (store, text) in new[] { (Store, "root"), (one, "one"), (two, "two"), (nested, "nested") })
        {
            (await store.PutAsync(key, Bytes(text))).ThrowIfNotApplied();
        }

        Assert.Equal("root", (await Store.GetAsync(key))!.GetText());
        Assert.Equal("one", (await one.GetAsync(key))!.GetText());
        Assert.Equal("two", (await two.GetAsync(key))!.GetText());
        Assert.Equal("nested", (await nested.GetAsync(key))!.GetText());
        var scanned = new List<StoreItem>();
        await foreach (var item in two.ScanAsync(ScanOptions.OfPrefix(_id)))
        {
            scanned.Add(item);
        }

        Assert.Equal((key, "two"), (Assert.Single(scanned).Key, scanned[0].GetText()));
        Assert.True((await one.DeleteAsync(key, WriteCondition.ValueIs(Bytes("one")))).ThrowIfNotApplied().HasChanged);
        Assert.Equal("two", (await two.GetAsync(key))!.GetText());
    }

    [Fact]
    public async Task ConcurrentIncrements_AreAllCounted_WhenEachIsConditional()
    {
        const int callers = 8;
        const int each = 5;
        var counter = Store.As(TestJson.Default.Counter);
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            for (var i = 0; i < each; i++)
            {
                (await counter.UpdateAsync(Key("n"), item => new Counter((item?.Value.Count ?? 0) + 1))).ThrowIfUnknown();
            }
        }));

        Assert.Equal(callers * each, (await counter.GetAsync(Key("n")))!.Value.Count);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private StoreKey Key(string name) => StoreKey.FromText(_id + name);

    private StoreKey Raw(byte[] tail) => new(NamespaceId.Default, (byte[])[.. Bytes(_id + ":raw:"), .. tail]);

    private async Task<WriteOutcome.Applied> PutAsync(StoreKey key, string value) => (await Store.PutAsync(key, Bytes(value))).ThrowIfNotApplied();

    private async Task<List<StoreItem>> ListAsync(ScanOptions options)
    {
        List<StoreItem> items = [];
        await foreach (var item in Store.ScanAsync(options))
        {
            items.Add(item);
        }

        return items;
    }
}
