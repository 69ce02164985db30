using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Commands;

/// <summary>The bytes of a <see cref="BucketCommand"/>: the data of a log entry. Each command has exactly one encoding, and no bytes can be read in two ways.</summary>
/// <remarks>
/// <code>
/// little-endian; the log record around it carries length and CRC32C
/// command            format version 1 (= 1) | kind 1 | stamp 8, Unix milliseconds | body
/// Transaction        identity (RequestIdCodec) | transaction (TransactionCodec)
/// SettleOutcome      identity, answered up to = 0 | 0, or 1 and first sent 8, Unix milliseconds
/// AdvanceTime        nothing
/// RaiseFeatureLevel  level 2
/// </code>
/// Empty data is no command: the entry with which a leader opens its term.
/// </remarks>
public static class CommandCodec
{
    /// <summary>The format version that this version writes and reads.</summary>
    public const byte FormatVersion = 1;

    /// <summary>What a transaction command adds to the length of its transaction, in bytes, at most.</summary>
    public const int MaxOverheadBytes = HeaderBytes + 2 + RequestId.MaxKeyLength;

    private const string Subject = "A command";
    private const int HeaderBytes = 10;

    /// <summary>Encodes a command into an array of its own.</summary>
    public static byte[] Encode(BucketCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var bytes = new byte[Measure(command)];
        var writer = new SpanWriter(bytes);
        writer.Write(FormatVersion);
        writer.Write((byte)command.Kind);
        writer.Write(command.Stamp);
        switch (command)
        {
            case TransactionCommand transaction:
                RequestIdCodec.Write(ref writer, transaction.Identity);
                TransactionCodec.Write(transaction.Transaction, writer.Next(bytes.Length - writer.Offset));
                break;
            case SettleOutcomeCommand settle:
                RequestIdCodec.Write(ref writer, new RequestIdentity(settle.RequestId));
                WriteFirstSent(ref writer, settle.FirstSent);
                break;
            case RaiseFeatureLevelCommand raise:
                writer.Write(raise.Level);
                break;
        }

        writer.Finish();
        return bytes;
    }

    /// <summary>Decodes a command.</summary>
    /// <param name="bytes">The encoding, all of it and nothing more. Keys and values of the result are slices of it: nobody may change it afterwards.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a command.</exception>
    /// <exception cref="UnknownCommandException">Format version, kind, or a kind within the command is not known to this version.</exception>
    public static BucketCommand Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new SpanReader(bytes.Span, Subject);
        var version = reader.ReadByte("format version");
        reader.Require(version != 0, "format version", 0);
        if (version != FormatVersion)
        {
            throw new UnknownCommandException($"Commands of format version {version} are not known to this version, which knows {FormatVersion}.");
        }

        var kind = (CommandKind)reader.ReadByte("kind");
        reader.Require(kind != default, "kind", 0);
        if (kind > CommandKind.RaiseFeatureLevel)
        {
            throw new UnknownCommandException($"Commands of kind {(byte)kind} are not known to this version.");
        }

        try
        {
            var stamp = reader.ReadWallTime("stamp");
            BucketCommand command = kind switch
            {
                CommandKind.Transaction => ReadTransaction(ref reader, bytes, stamp),
                CommandKind.SettleOutcome => ReadSettle(ref reader, stamp),
                CommandKind.AdvanceTime => new AdvanceTimeCommand(stamp),
                _ => new RaiseFeatureLevelCommand(stamp, reader.ReadUInt16("feature level")),
            };
            reader.RequireEnd();
            return command;
        }
        catch (ArgumentException e)
        {
            // The types of a request validate what they are made of; here that is not the caller's mistake but damage.
            throw new CorruptionException($"{Subject} breaks a rule of requests: {e.Message}", e);
        }
    }

    private static int Measure(BucketCommand command) => HeaderBytes + command switch
    {
        TransactionCommand transaction => RequestIdCodec.Measure(transaction.Identity) + TransactionCodec.Measure(transaction.Transaction),
        SettleOutcomeCommand settle => RequestIdCodec.Measure(new RequestIdentity(settle.RequestId)) + 1 + (settle.FirstSent is null ? 0 : sizeof(long)),
        RaiseFeatureLevelCommand => sizeof(ushort),
        _ => 0,
    };

    private static void WriteFirstSent(ref SpanWriter writer, WallTime? firstSent)
    {
        writer.Write((byte)(firstSent is null ? 0 : 1));
        if (firstSent is { } time)
        {
            writer.Write(time);
        }
    }

    private static TransactionCommand ReadTransaction(ref SpanReader reader, ReadOnlyMemory<byte> bytes, WallTime stamp)
    {
        var identity = RequestIdCodec.Read(ref reader);
        var start = reader.Offset;
        var encoded = reader.Take(reader.Remaining, "transaction");
        return new TransactionCommand(stamp, identity, TransactionCodec.Decode(bytes[start..]), encoded);
    }

    private static SettleOutcomeCommand ReadSettle(ref SpanReader reader, WallTime stamp)
    {
        var identity = RequestIdCodec.Read(ref reader);
        reader.Require(identity.AnsweredUpTo == 0, "answered up to", (long)identity.AnsweredUpTo);
        var hasFirstSent = reader.ReadByte("first sent");
        reader.Require(hasFirstSent <= 1, "first sent", hasFirstSent);
        return new SettleOutcomeCommand(stamp, identity.Id, hasFirstSent == 1 ? reader.ReadWallTime("first sent") : null);
    }
}
