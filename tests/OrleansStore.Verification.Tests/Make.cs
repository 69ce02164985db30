using System.Text;
using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Tests;

/// <summary>Operations in few words. Times are seconds; an end of <see cref="Never"/> means that no answer came; a revision of 0 that none was told.</summary>
internal static class Make
{
    public const double Never = -1;

    public static StoreKey Key(string name) => StoreKey.FromText(name);

    public static ReadOnlyMemory<byte> Value(string text) => Encoding.UTF8.GetBytes(text);

    /// <param name="value">What was seen; null for no record.</param>
    /// <param name="at">The record's modify revision.</param>
    /// <param name="bucket">The bucket's revision.</param>
    public static ClientOperation Get(double begin, double end, string? value, ulong at = 0, ulong bucket = 0, string key = "x", int client = 0)
    {
        var record = value is null ? null : new StoreRecord
        {
            Key = Key(key), Value = Value(value), ValueBytes = value.Length, CreateRevision = new Revision(1), ModifyRevision = new Revision(at), Version = 1,
        };
        var result = new ReadResult(record is null ? ReadStatus.NotFound : ReadStatus.Found, record, new Revision(bucket), LogIndex.None);
        return new ReadOperation(client, Time(begin), End(end), Key(key), result);
    }

    public static ClientOperation Put(double begin, double end, string value, ulong at = 0, string key = "x", int client = 0) =>
        Applied(begin, end, Transaction.Of(Operation.Put(Key(key), Value(value))), at, client);

    public static ClientOperation Delete(double begin, double end, ulong at = 0, string key = "x", int client = 0) =>
        Applied(begin, end, Transaction.Of(Operation.Delete(Key(key))), at, client);

    /// <summary>Replaces a value that must be there.</summary>
    public static Transaction Swap(string expected, string value, string key = "x") =>
        Transaction.Of(Operation.Put(Key(key), Value(value)), Guard.ValueEquals(Key(key), Value(expected)));

    public static Transaction PutIfAbsent(string value, string key = "x") => Transaction.Of(Operation.Put(Key(key), Value(value)), Guard.NotExists(Key(key)));

    public static Transaction PutIfAt(ulong revision, string value, string key = "x") =>
        Transaction.Of(Operation.Put(Key(key), Value(value)), Guard.RevisionIn(Key(key), new Revision(revision)));

    public static Transaction PutAll(string value, params string[] keys) => new([], [.. keys.Select(key => Operation.Put(Key(key), Value(value)))]);

    public static ClientOperation Applied(double begin, double end, Transaction transaction, ulong at = 0, int client = 0, params OperationOutcome[] outcomes) =>
        Write(begin, end, transaction, end == Never ? null : new WriteResult(WriteStatus.Applied, new Revision(at)) { Operations = [.. outcomes] }, client);

    public static ClientOperation Rejected(double begin, double end, Transaction transaction, ulong bucket = 0, int? guard = 0, int client = 0) =>
        Write(begin, end, transaction, new WriteResult(WriteStatus.PreconditionFailed, new Revision(bucket)) { FailedGuard = guard }, client);

    public static ClientOperation Missing(double begin, double end, ulong bucket = 0, string key = "x", int client = 0) =>
        Write(begin, end, Transaction.Of(Operation.Delete(Key(key))), new WriteResult(WriteStatus.NotFound, new Revision(bucket)), client);

    public static ClientOperation Answered(double begin, double end, Transaction transaction, WriteStatus status, int client = 0) =>
        Write(begin, end, transaction, new WriteResult(status, Revision.None), client);

    private static WriteOperation Write(double begin, double end, Transaction transaction, WriteResult? result, int client) =>
        new(client, Time(begin), End(end), transaction, result);

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan? End(double seconds) => seconds == Never ? null : Time(seconds);
}
