using OrleansStore.Buckets.History;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

[Trait("Category", "Unit")]
public sealed class TransactionTests
{
    private readonly BucketState _state = BucketState.Create(BucketLimits.Default);

    [Fact]
    public void Put_CreatesThenReplaces_AndKeepsTheCreateRevision()
    {
        Assert.Equal([OperationOutcome.Created], _state.Put(0, "a", "1").Operations.ToArray());
        _state.Put(0, "b", "1");
        var second = _state.Put(0, "a", "2");

        Assert.Equal([OperationOutcome.Replaced], second.Operations.ToArray());
        Assert.Equal(new Revision(3), second.Revision);
        Assert.True(_state.Records.TryGet(Make.Key("a"), out var record));
        Assert.Equal((1UL, 3UL, 2UL), (record.CreateRevision.Value, record.ModifyRevision.Value, record.Version));
    }

    [Fact]
    public void Put_StartsAnew_AfterADelete()
    {
        _state.Put(0, "a", "1");
        _state.Write(0, Transaction.Of(Operation.Delete(Make.Key("a"))));
        _state.Put(0, "a", "2");

        Assert.True(_state.Records.TryGet(Make.Key("a"), out var record));
        Assert.Equal((3UL, 3UL, 1UL), (record.CreateRevision.Value, record.ModifyRevision.Value, record.Version));
    }

    [Fact]
    public void Put_KeepsEverythingItWasGiven_AndDropsWhatTheNextOneDoesNotName()
    {
        var owner = new RecordOwner(RecordOwnerKind.Lease, new UInt128(1, 2));
        _state.Write(5, Transaction.Of(Operation.Put(Make.Key("a", 9), new byte[] { 0, 255 }, "x/y; z", Expiry.After(TimeSpan.FromSeconds(1)), owner, 0xDEADBEEF)));

        Assert.True(_state.Records.TryGet(Make.Key("a", 9), out var packed));
        var record = packed.ToRecord();
        Assert.Equal(Make.Key("a", 9), record.Key);
        Assert.Equal(new byte[] { 0, 255 }, record.Value.ToArray());
        Assert.Equal(("x/y; z", 2, 0xDEADBEEF), (record.ContentType, record.ValueBytes, record.Flags));
        Assert.Equal(owner, record.Owner);
        Assert.Equal(Make.At(1005), record.ExpiresAt);

        _state.Write(6, Transaction.Of(Operation.Put(Make.Key("a", 9), default)));
        Assert.True(_state.Records.TryGet(Make.Key("a", 9), out packed));
        record = packed.ToRecord();
        Assert.Equal((string.Empty, 0, 0u), (record.ContentType, record.ValueBytes, record.Flags));
        Assert.Null(record.Owner);
        Assert.Null(record.ExpiresAt);
        Assert.Null(_state.NextDueTime);
    }

    [Fact]
    public void Namespaces_NeverMeet_WhenKeysAreEqual()
    {
        _state.Write(0, Transaction.Of(Operation.Put(Make.Key("a", 0), Make.Value("zero"))));
        _state.Write(0, Transaction.Of(Operation.Put(Make.Key("a", 1), Make.Value("one"))));

        Assert.Equal("zero", _state.ValueOf("a"));
        Assert.Equal(2, _state.Records.Count);
    }

    [Fact]
    public void Transaction_RaisesTheRevisionOnce_WhenItChangesSeveralKeys()
    {
        _state.Put(0, "a", "1");
        var data = Make.Command(7, new Transaction([], [Make.Put("b", "2"), Operation.Delete(Make.Key("a")), Operation.Delete(Make.Key("x")), Make.Put("c", "3")]));
        var applied = _state.Apply(data);

        Assert.Equal(new Revision(2), applied.Write!.Revision);
        Assert.Equal(
            [OperationOutcome.Created, OperationOutcome.Deleted, OperationOutcome.Missing, OperationOutcome.Created], applied.Write.Operations.ToArray());
        Assert.Equal(
            [(ChangeKind.Put, "0:62"), (ChangeKind.Delete, "0:61"), (ChangeKind.Put, "0:63")],
            applied.Events.ToArray().Select(change => (change.Kind, new StoreKey(change.Record.Namespace, change.Record.Key).ToString())));
        Assert.All(applied.Events.ToArray(), change => Assert.Equal((2UL, Make.At(7)), (change.Revision.Value, change.Time)));
    }

    [Fact]
    public void Transaction_ChangesNothing_WhenAGuardFails()
    {
        _state.Put(0, "a", "1");
        var result = _state.Write(0, new Transaction(
            [Guard.Exists(Make.Key("a")), Guard.NotExists(Make.Key("a")), Guard.Exists(Make.Key("zz"))],
            [Make.Put("b", "2"), Operation.Delete(Make.Key("a"))]));

        Assert.Equal((WriteStatus.PreconditionFailed, 1, new Revision(1)), (result.Status, result.FailedGuard, result.Revision));
        Assert.Equal("1", _state.ValueOf("a"));
        Assert.Null(_state.ValueOf("b"));
        Assert.Equal(new Revision(1), _state.Revision);
    }

    [Fact]
    public void Guard_HoldsExactlyWhereItSays()
    {
        _state.Put(0, "a", "1");
        _state.Put(0, "b", "2");
        var (a, x) = (Make.Key("a"), Make.Key("x"));
        (Guard Guard, bool Holds)[] cases =
        [
            (Guard.Exists(a), true), (Guard.Exists(x), false),
            (Guard.NotExists(a), false), (Guard.NotExists(x), true),
            (Guard.RevisionIn(a, new Revision(1)), true), (Guard.RevisionIn(a, new Revision(9), new Revision(1)), true),
            (Guard.RevisionIn(a, new Revision(2)), false), (Guard.RevisionIn(x, new Revision(0)), false),
            (Guard.RevisionNotIn(a, new Revision(1)), false), (Guard.RevisionNotIn(a, new Revision(2)), true), (Guard.RevisionNotIn(x, new Revision(0)), true),
            (Guard.ValueEquals(a, Make.Value("1")), true), (Guard.ValueEquals(a, Make.Value("12")), false),
            (Guard.ValueEquals(a, default), false), (Guard.ValueEquals(x, default), false),
        ];
        foreach (var (guard, holds) in cases)
        {
            var transaction = new Transaction([guard], []);
            Assert.Equal(holds ? -1 : 0, _state.FindFailedGuard(transaction));
            Assert.Equal(holds ? WriteStatus.Applied : WriteStatus.PreconditionFailed, _state.Write(0, transaction).Status);
        }

        Assert.Equal(new Revision(2), _state.Revision);
    }

    [Fact]
    public void Guards_SeeTheStateBeforeTheOperations()
    {
        var result = _state.Write(0, new Transaction([Guard.NotExists(Make.Key("a"))], [Make.Put("a", "1")]));
        Assert.Equal(WriteStatus.Applied, result.Status);
    }

    [Fact]
    public void Delete_AnswersNotFoundAndChangesNothing_WhenThereIsNoRecord()
    {
        _state.Put(0, "a", "1");
        var before = Make.Encode(_state.TakeView());
        var applied = _state.Apply(Make.Command(0, Transaction.Of(Operation.Delete(Make.Key("x")))));

        Assert.Equal(WriteStatus.NotFound, applied.Write!.Status);
        Assert.Equal(0, applied.Events.Length);
        Assert.Equal(before, Make.Encode(_state.TakeView()));
    }

    [Fact]
    public void Transaction_IsApplied_WhenOnlySomeDeletesFoundNothing()
    {
        _state.Put(0, "a", "1");
        var deletes = new Transaction([], [Operation.Delete(Make.Key("a")), Operation.Delete(Make.Key("x"))]);
        Assert.Equal(WriteStatus.Applied, _state.Write(0, deletes).Status);
        Assert.Equal(WriteStatus.NotFound, _state.Write(0, deletes).Status);
    }

    [Fact]
    public void EmptyData_ChangesNothing()
    {
        _state.Put(0, "a", "1");
        var before = Make.Encode(_state.TakeView());
        Assert.Equal(default, _state.Apply(ReadOnlyMemory<byte>.Empty));
        Assert.Equal(before, Make.Encode(_state.TakeView()));
    }

    [Fact]
    public void Scan_GivesOrderedPages_WithinItsBounds()
    {
        foreach (var key in new[] { "b", "a2", "a1", "c", "a3" })
        {
            _state.Put(0, key, "xx");
        }

        _state.Write(0, Transaction.Of(Operation.Put(Make.Key("a0", 1), default)));
        Assert.Equal("a1 a2 a3 b c|", Scan(new ScanRequest(NamespaceId.Default)));
        Assert.Equal("a0|", Scan(new ScanRequest(NamespaceId.System)));
        Assert.Equal("a1 a2|a3", Scan(new ScanRequest(NamespaceId.Default, limit: 2)));
        Assert.Equal("a3 b|c", Scan(new ScanRequest(NamespaceId.Default, start: Make.Value("a3"), limit: 2)));
        Assert.Equal("a1 a2 a3|", Scan(new ScanRequest(NamespaceId.Default, prefix: Make.Value("a"))));
        Assert.Equal("a2 a3|", Scan(new ScanRequest(NamespaceId.Default, prefix: Make.Value("a"), start: Make.Value("a2"))));
        Assert.Equal("|", Scan(new ScanRequest(NamespaceId.Default, prefix: Make.Value("a"), start: Make.Value("b"))));
        Assert.Equal("a1 a2|", Scan(new ScanRequest(NamespaceId.Default, end: Make.Value("a3"))));

        // A record counts key, content type (text/plain) and value: 14 bytes each; 12 without values.
        Assert.Equal("a1 a2|a3", Scan(new ScanRequest(NamespaceId.Default, maxBytes: 28)));
        Assert.Equal("a1|a2", Scan(new ScanRequest(NamespaceId.Default, maxBytes: 27)));
        Assert.Equal("a1|a2", Scan(new ScanRequest(NamespaceId.Default, maxBytes: 1)));
        Assert.Equal("a1 a2|a3", Scan(new ScanRequest(NamespaceId.Default, maxBytes: 24, includeValues: false)));
    }

    [Fact]
    public void View_KeepsItsRecords_WhileWritesGoOn()
    {
        _state.Put(0, "a", "1");
        var view = _state.TakeView();
        _state.Put(0, "a", "2");
        _state.Put(0, "b", "2");

        Assert.True(view.Records.TryGet(Make.Key("a"), out var record));
        Assert.Equal(Make.Value("1"), record.Value.ToArray());
        Assert.False(view.Records.TryGet(Make.Key("b"), out _));
        Assert.Equal(new Revision(1), view.Revision);
    }

    private string Scan(ScanRequest request)
    {
        List<Records.PackedRecord> page = [];
        var next = _state.Records.Scan(request, page);
        return string.Join(' ', page.Select(record => Text(record.Key))) + "|" + (next is { } key ? Text(key) : string.Empty);

        static string Text(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.ASCII.GetString(bytes.Span);
    }
}
