using OrleansStore.Verification.Histories;
using static OrleansStore.Verification.Tests.Make;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>Histories that everybody who has lost data knows, and their harmless twins.</summary>
internal static class KnownHistories
{
    public static readonly KnownHistory[] All =
    [
        // One register, one thing after another.
        new("nothing happened", true),
        new("sequential reads and writes", true, Put(0, 1, "a"), Get(2, 3, "a"), Put(4, 5, "b"), Get(6, 7, "b")),
        new("read before any write finds nothing", true, Get(0, 1, null), Put(2, 3, "a")),
        new("lost update", false, Put(0, 1, "a"), Put(2, 3, "b"), Get(4, 5, "a")),
        new("lost first write", false, Put(0, 1, "a"), Get(2, 3, null)),
        new("value out of nowhere", false, Put(0, 1, "a"), Get(2, 3, "z")),
        new("value from the future", false, Get(0, 1, "a"), Put(2, 3, "a")),
        new("delete did not happen", false, Put(0, 1, "a"), Delete(2, 3), Get(4, 5, "a")),
        new("delete happened by itself", false, Put(0, 1, "a"), Get(2, 3, "a"), Get(4, 5, null)),
        new("delete finds nothing to delete", true, Missing(0, 1), Put(2, 3, "a"), Delete(4, 5), Missing(6, 7)),
        new("delete misses a record that is there", false, Put(0, 1, "a"), Missing(2, 3)),
        new("delete removes what was never there", false, Get(0, 1, null), Delete(2, 3)),
        new("read with another content type", false, Put(0, 1, "a"), ReadOf(2, 3, "a", "text/html")),

        // Overlap.
        new("concurrent read sees the old value", true, Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "a", client: 1)),
        new("concurrent read sees the new value", true, Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "b", client: 1)),
        new("concurrent reads, old then new", true, Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "a", client: 1), Get(5, 6, "b", client: 2)),
        new("concurrent reads go back: stale read after leader change", false, Put(0, 1, "a"), Put(2, 9, "b"), Get(3, 4, "b", client: 1), Get(5, 6, "a", client: 2)),
        new("operations that touch in time overlap", true, Put(0, 1, "a"), Get(1, 2, null, client: 1)),
        new("two readers disagree on the order of two writes", false,
            Put(0, 9, "a"), Put(0, 9, "b", client: 1), Get(1, 2, "a", client: 2), Get(3, 4, "b", client: 2), Get(3.5, 4.5, "b", client: 3), Get(5, 6, "a", client: 3)),
        new("a long read sees a value that was there for a moment", true, Get(0, 9, "b", client: 1), Put(1, 2, "a"), Put(3, 4, "b"), Put(5, 6, "c")),
        new("a read misses every value it could have seen", false, Put(0, 1, "z"), Put(1.5, 2, "a"), Get(3, 9, "z", client: 1), Put(4, 5, "b"), Put(6, 7, "c")),
        new("split brain: two leaders serve", false,
            Put(0, 1, "a"), Put(2, 3, "b", client: 1), Get(4, 5, "b", client: 1), Get(4.5, 5.5, "a", client: 2), Get(6, 7, "b", client: 1)),

        // Unknown outcomes.
        new("unknown write never happens", true, Put(0, 1, "a"), Put(2, Never, "b"), Get(3, 4, "a", client: 1), Get(50, 51, "a", client: 1)),
        new("unknown write happens late", true, Put(0, 1, "a"), Put(2, Never, "b"), Get(3, 4, "a", client: 1), Get(50, 51, "b", client: 1)),
        new("unknown write happens before it was sent", false, Get(0, 1, "b", client: 1), Put(2, Never, "b")),
        new("resurrected write after unknown outcome", false,
            Put(0, Never, "a"), Get(1, 2, "a", client: 1), Put(3, 4, "b", client: 1), Get(5, 6, "b", client: 1), Get(7, 8, "a", client: 1)),
        new("unknown write overwrites a later one", true, Put(0, Never, "a"), Put(1, 2, "b", client: 1), Get(3, 4, "b", client: 1), Get(5, 6, "a", client: 1)),
        new("unknown delete happens once", false, Put(0, 1, "a"), Delete(2, Never), Get(3, 4, null, client: 1), Put(5, 6, "b", client: 1), Get(7, 8, null, client: 1), Get(9, 10, "b", client: 1), Get(11, 12, null, client: 1)),
        new("two unknown writes, one after the other", true, Put(0, Never, "a"), Put(0, Never, "b", client: 1), Get(1, 2, "a", client: 2), Get(3, 4, "b", client: 2)),
        new("two unknown writes, back and forth", false,
            Put(0, Never, "a"), Put(0, Never, "b", client: 1), Get(1, 2, "a", client: 2), Get(3, 4, "b", client: 2), Get(5, 6, "a", client: 2)),
        new("refused write takes effect", false, Answered(0, 1, PutIfAbsent("a"), WriteStatus.Unavailable), Get(2, 3, "a")),
        new("throttled write leaves no trace", true, Put(0, 1, "a"), Answered(2, 3, Swap("a", "b"), WriteStatus.Throttled), Get(4, 5, "a")),
        new("expired request id may have taken effect", true, Put(0, 1, "a"), Answered(2, 3, Swap("a", "b"), WriteStatus.RequestExpired), Get(4, 5, "b")),
        new("unknown swap explains a chain", true, Put(0, 1, "a"), Applied(2, Never, Swap("a", "b")), Applied(2, Never, Swap("b", "c"), client: 1), Get(3, 4, "c", client: 2)),
        new("unknown swap of a value that never was", false, Put(0, 1, "a"), Applied(2, Never, Swap("b", "c"), client: 1), Get(3, 4, "c", client: 2)),
        new("an unknown write explains why a swap was rejected", true, Put(0, 1, "a"), Put(2, Never, "b"), Rejected(3, 4, Swap("a", "c"), client: 1), Get(5, 6, "b", client: 1)),

        // Compare and set.
        new("swap of the value that is there", true, Put(0, 1, "a"), Applied(2, 3, Swap("a", "b")), Get(4, 5, "b")),
        new("swap of a value that is not there", false, Put(0, 1, "a"), Applied(2, 3, Swap("z", "b"))),
        new("two swaps of one value both succeed", false, Put(0, 1, "a"), Applied(2, 5, Swap("a", "b")), Applied(3, 6, Swap("a", "c"), client: 1)),
        new("of two swaps of one value one succeeds", true, Put(0, 1, "a"), Applied(2, 5, Swap("a", "b")), Rejected(3, 6, Swap("a", "c"), client: 1)),
        new("swap rejected though the value is there", false, Put(0, 1, "a"), Rejected(2, 3, Swap("a", "b"))),
        new("two clients both create one record: two lock holders", false, Applied(0, 5, PutIfAbsent("a")), Applied(1, 6, PutIfAbsent("b"), client: 1)),
        new("create says replaced", false, Get(0, 1, null), Applied(2, 3, PutAll("a", "x"), 0, 0, OperationOutcome.Replaced)),
        new("replace says created", false, Put(0, 1, "a"), Applied(2, 3, PutAll("b", "x"), 0, 0, OperationOutcome.Created)),

        // Revisions.
        new("revisions rise with the order", true, Put(0, 1, "a", 3), Get(2, 3, "a", 3, 5), Put(4, 5, "b", 7), Get(6, 7, "b", 7, 7)),
        new("revision falls", false, Put(0, 1, "a", 5), Put(2, 3, "b", 4)),
        new("two writes of one revision", false, Put(0, 5, "a", 4), Put(0, 5, "b", 4, client: 1)),
        new("revisions order concurrent writes", true, Put(0, 5, "a", 5), Put(0, 5, "b", 4, client: 1), Get(6, 7, "a", 5)),
        new("read contradicts the order of revisions", false, Put(0, 5, "a", 5), Put(0, 5, "b", 4, client: 1), Get(6, 7, "b", 4)),
        new("right value, revision of another write", false, Put(0, 1, "a", 3), Put(2, 3, "b", 4), Get(4, 5, "b", 3)),
        new("stale read betrayed by the bucket's revision only", false, Put(0, 1, "a", 3), Get(2, 3, "a", 3, 9), Get(4, 5, "a", 3, 8)),
        new("same value twice, told apart by revision", false, Put(0, 1, "a", 3), Put(2, 3, "a", 4), Get(4, 5, "a", 3)),
        new("swap by a revision that has moved on", false, Put(0, 1, "a", 3), Put(2, 3, "a", 4), Applied(4, 5, PutIfAt(3, "b"), 5)),
        new("swap by revision", true, Put(0, 1, "a", 3), Applied(2, 3, PutIfAt(3, "b"), 4), Rejected(4, 5, PutIfAt(3, "c"), 4)),
        new("an unknown write gets a revision between its neighbours", true, Put(0, 1, "a", 3), Put(2, Never, "b"), Get(3, 4, "b", 4, 4, client: 1), Put(5, 6, "c", 5, client: 1)),
        new("an unknown write cannot have an older revision than what was before it", false, Put(0, 1, "a", 3), Put(2, Never, "b"), Get(3, 4, "b", 2, 4, client: 1)),
        new("an unknown write cannot have the revision of an acknowledged one", false,
            Put(0, 1, "a", 3), Put(2, Never, "b"), Put(2.5, 3, "c", 4, client: 1), Get(4, 5, "b", 4, 6, client: 1)),
        new("an unknown write is older than a rejection that it did not cause", false,
            Put(0, 1, "a", 3), Rejected(2, 3, Swap("z", "y"), 6), Put(4, Never, "b"), Get(5, 6, "b", 5, 7, client: 1)),

        new("guard on a revision that the record of unknown revision may have", true,
            Applied(0, Never, PutAll("a", "x", "y")), Get(1, 2, null, bucket: 2, client: 1),
            Rejected(3, 4, new Transaction([Guard.RevisionIn(Key("x"), new Revision(3))], []), 5, client: 1), Get(5, 6, "a", 5, 5, key: "y", client: 1)),

        new("a rejected request of a put is no put", true,
            Applied(0, Never, Transaction.Of(Operation.Put(Key("x"), Value("a")), Guard.RevisionNotIn(Key("x"), new Revision(2)))),
            Rejected(3, 4, PutIfAt(3, "b"), 5, client: 1), Get(5, 6, "a", 5, 5, client: 1)),

        // Several keys.
        new("keys are independent", true, Put(0, 1, "a", key: "x"), Put(2, 3, "b", key: "y"), Get(4, 5, "a", key: "x"), Get(4, 5, "b", key: "y", client: 1)),
        new("transaction writes both", true, Applied(0, 1, PutAll("a", "x", "y")), Get(2, 3, "a", key: "x"), Get(2, 3, "a", key: "y", client: 1)),
        new("torn transaction", false, Applied(0, 1, PutAll("a", "x", "y")), Get(2, 3, "a", key: "x"), Get(4, 5, null, key: "y")),
        new("transaction seen in halves", false, Applied(0, 9, PutAll("a", "x", "y")), Get(1, 2, "a", key: "x", client: 1), Get(3, 4, null, key: "y", client: 1)),
        new("unknown transaction is seen whole or not at all", false, Applied(0, Never, PutAll("a", "x", "y")), Get(1, 2, "a", key: "x", client: 1), Get(3, 4, null, key: "y", client: 1)),
        new("unknown transaction, half of it overwritten", true,
            Applied(0, Never, PutAll("a", "x", "y")), Put(1, 2, "b", key: "x", client: 1), Get(3, 4, "a", key: "y", client: 1), Get(5, 6, "b", key: "x", client: 1)),
        new("unknown transaction happens before its guard is spoilt", true,
            Put(0, 1, "v", key: "g"), Put(0, 1, "a", client: 1),
            Applied(2, Never, new Transaction([Guard.ValueEquals(Key("g"), Value("v"))], [Operation.Put(Key("b"), Value("t")), Operation.Delete(Key("x"))])),
            Put(4, 5, "w", key: "g", client: 1), Applied(6, 7, PutIfAbsent("c"), client: 1)),
        new("unknown transaction comes too late for its guard", false,
            Put(0, 1, "v", key: "g"), Put(0, 1, "a", client: 1), Put(2, 3, "w", key: "g", client: 1),
            Applied(4, Never, new Transaction([Guard.ValueEquals(Key("g"), Value("v"))], [Operation.Put(Key("b"), Value("t")), Operation.Delete(Key("x"))])),
            Applied(6, 7, PutIfAbsent("c"), client: 1)),
        new("two unknown transactions happen before an answer that leaves no revision after it", true, [Put(0, 1, "o", 3, key: "z"), .. TwoUnknownBefore(bucket: 5)]),
        new("two unknown transactions have two revisions", false, [Put(0, 1, "o", 3, key: "z"), .. TwoUnknownBefore(bucket: 4)]),
        new("two unknown writes happen before an answer that the first of them alone would have changed", true,
            Put(0, 1, "a", 1, key: "y"), Applied(2, Never, new Transaction([Guard.NotExists(Key("x"))], [Operation.Put(Key("x"), Value("b")), Operation.Delete(Key("y"))]), client: 1),
            Put(3, Never, "c", key: "y", client: 2), Rejected(4, 5, Transaction.Of(Operation.Put(Key("z"), Value("d")), Guard.NotExists(Key("y"))), 3, client: 3),
            Applied(6, 7, PutAll("e", "x", "y"), 4, 3, OperationOutcome.Replaced, OperationOutcome.Replaced)),
        new("two unknown writes happen before an answer that leaves room for one", false,
            Put(0, 1, "a", 1, key: "y"), Applied(2, Never, new Transaction([Guard.NotExists(Key("x"))], [Operation.Put(Key("x"), Value("b")), Operation.Delete(Key("y"))]), client: 1),
            Put(3, Never, "c", key: "y", client: 2), Rejected(4, 5, Transaction.Of(Operation.Put(Key("z"), Value("d")), Guard.NotExists(Key("y"))), 2, client: 3),
            Applied(6, 7, PutAll("e", "x", "y"), 3, 3, OperationOutcome.Replaced, OperationOutcome.Replaced)),
        new("unknown write happens between a read and a write that overlaps it", true,
            Put(0, Never, "a"), Put(1, 4, "b", 2, key: "y", client: 1), Get(2, 3, null, client: 2),
            Applied(5, 6, PutAll("c", "x", "y"), 3, 1, OperationOutcome.Replaced, OperationOutcome.Replaced)),
        new("unknown write finds no revision between a read and the write before it", false,
            Put(0, Never, "a"), Put(1, 2, "b", 2, key: "y", client: 1), Get(3, 4, null, client: 2),
            Applied(5, 6, PutAll("c", "x", "y"), 3, 1, OperationOutcome.Replaced, OperationOutcome.Replaced)),
        new("unknown transaction has one revision", false,
            Applied(0, Never, PutAll("a", "x", "y")), Get(1, 2, "a", 3, 5, key: "x", client: 1), Get(3, 4, "a", 4, 5, key: "y", client: 1)),
        new("write skew through guards on another key", false,
            Applied(0, 5, Transaction.Of(Operation.Put(Key("x"), Value("a")), Guard.NotExists(Key("y")))),
            Applied(0, 5, Transaction.Of(Operation.Put(Key("y"), Value("b")), Guard.NotExists(Key("x"))), client: 1)),
        new("guarded by another key", true,
            Applied(0, 5, Transaction.Of(Operation.Put(Key("x"), Value("a")), Guard.NotExists(Key("y")))),
            Rejected(0, 5, Transaction.Of(Operation.Put(Key("y"), Value("b")), Guard.NotExists(Key("x"))), client: 1)),
        new("the second guard failed, not the first", false,
            Put(0, 1, "a", key: "x"),
            Rejected(2, 3, new Transaction([Guard.NotExists(Key("x")), Guard.Exists(Key("y"))], []), guard: 1)),
        new("a transaction of guards only reads several keys at one moment", false,
            Applied(0, 1, PutAll("a", "x", "y")), Applied(2, 3, PutAll("b", "x", "y")),
            Applied(4, 5, new Transaction([Guard.ValueEquals(Key("x"), Value("a")), Guard.ValueEquals(Key("y"), Value("b"))], []))),
    ];

    /// <summary>A put that finds what one unknown transaction wrote and another one deleted, directly after a read that tells the bucket's revision.</summary>
    private static ClientOperation[] TwoUnknownBefore(ulong bucket) =>
    [
        Rejected(1, 2, Transaction.Of(Operation.Put(Key("z"), Value("p")), Guard.Exists(Key("x")))),
        Applied(3, Never, PutAll("a", "x", "y"), client: 1), Delete(3, Never, client: 2), Get(4, 5, "o", 3, bucket, key: "z", client: 3),
        Applied(6, 7, PutAll("b", "x", "y"), bucket + 1, 4, OperationOutcome.Created, OperationOutcome.Replaced),
    ];

    private static ReadOperation ReadOf(double begin, double end, string value, string contentType)
    {
        var read = (ReadOperation)Get(begin, end, value);
        return read with { Result = read.Result! with { Record = read.Result.Record! with { ContentType = contentType } } };
    }
}
