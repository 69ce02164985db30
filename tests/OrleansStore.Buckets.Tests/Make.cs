using System.Text;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests;

/// <summary>Short forms for the tests.</summary>
internal static class Make
{
    /// <summary>The time at which most tests begin: far from 0, so that sessions have a valid age.</summary>
    public const long Start = 1_000_000_000_000;

    public static StoreKey Key(string text, uint space = 0) => new(new NamespaceId(space), Encoding.ASCII.GetBytes(text));

    public static byte[] Value(string text) => Encoding.ASCII.GetBytes(text);

    public static Operation Put(string key, string value, Expiry expiry = default) => Operation.Put(Key(key), Value(value), "text/plain", expiry);

    public static WallTime At(long millisecondsAfterStart) => new(Start + millisecondsAfterStart);

    public static SessionId Session(ulong number, long createdAfterStart = 0) => SessionId.Create(At(createdAfterStart), 7, number);

    public static RequestIdentity InSession(ulong session, ulong sequence, ulong answeredUpTo = 0) =>
        new(RequestId.ForSession(Session(session), sequence), answeredUpTo);

    public static RequestIdentity WithKey(string key) => new(RequestId.ForKey(key));

    public static byte[] Command(long at, Transaction transaction, RequestIdentity identity = default) =>
        CommandCodec.Encode(new TransactionCommand(At(at), identity, transaction));

    public static ApplyResult Apply(this BucketState state, BucketCommand command) => state.Apply(CommandCodec.Encode(command));

    public static WriteResult Write(this BucketState state, long at, Transaction transaction, RequestIdentity identity = default) =>
        state.Apply(Command(at, transaction, identity)).Write!;

    public static WriteResult Put(this BucketState state, long at, string key, string value, RequestIdentity identity = default) =>
        state.Write(at, Transaction.Of(Put(key, value)), identity);

    public static OutcomeResult Settle(this BucketState state, long at, RequestId id, WallTime? firstSent = null) =>
        state.Apply(new SettleOutcomeCommand(At(at), id, firstSent)).Outcome!;

    public static string? ValueOf(this BucketState state, string key) =>
        state.Records.TryGet(Key(key), out var record) ? Encoding.ASCII.GetString(record.Value.Span) : null;

    public static byte[] Encode(BucketView view, int pieceBytes = 64 * 1024)
    {
        using var stream = new MemoryStream();
        var encoder = new StateEncoder(view);
        var piece = new byte[pieceBytes];
        while (!encoder.IsCompleted)
        {
            stream.Write(piece, 0, encoder.Write(piece));
        }

        return stream.ToArray();
    }

    public static BucketState Decode(ReadOnlySpan<byte> bytes, int pieceBytes = 64 * 1024)
    {
        var decoder = new StateDecoder();
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(pieceBytes, bytes.Length)..])
        {
            decoder.Append(bytes[..Math.Min(pieceBytes, bytes.Length)]);
        }

        return decoder.Complete();
    }
}
