using System.Buffers.Binary;
using OrleansStore.Buckets.Binary;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Identity;
using OrleansStore.Buckets.Map;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Snapshots;

/// <summary>Builds a state from its encoding, which comes in pieces of any size.</summary>
/// <remarks>It never allocates more than one item beyond what it has received, whatever lengths and counts the bytes claim. After an exception a decoder is of no use.</remarks>
public sealed class StateDecoder
{
    private const string Subject = "A state";

    // Key items are the largest: length, time, text, fingerprint, answer with all outcomes.
    private const int MaxAnswerItemBytes = KeyItem.KeyOffset + RequestId.MaxKeyLength + Fingerprint.Bytes + AnswerCodec.MaxOverheadBytes + StoreLimits.MaxOperations;

    private XxHash64 _hash = new(0);
    private BucketState? _state;
    private StateSection _section = StateSection.Header;

    // The part that is being received. A section is its count, then per item a header and a body.
    private Part _part = Part.Count;
    private byte[] _buffer = new byte[StateFormat.HeaderBytes];
    private int _received;
    private ulong _itemsLeft;
    private ChangeKind _eventKind;
    private WallTime _eventTime;

    // The item before, to check the order; empty at the start of a section.
    private byte[] _previous = [];
    private Revision _previousRevision;

    private enum Part
    {
        Count = 1,
        ItemHeader = 2,
        Item = 3,
    }

    /// <summary>Whether all bytes were received.</summary>
    public bool IsCompleted => _section == StateSection.End;

    /// <summary>Takes the next bytes of the encoding.</summary>
    /// <param name="bytes">As many as there are; copied.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a state, or more follow after its end.</exception>
    /// <exception cref="UnknownStateFormatException">The format or the feature level is not known to this version.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (IsCompleted)
            {
                throw new CorruptionException($"{Subject} has ended, and {bytes.Length} more bytes follow.");
            }

            var taken = Math.Min(_buffer.Length - _received, bytes.Length);
            bytes[..taken].CopyTo(_buffer.AsSpan(_received));
            bytes = bytes[taken..];
            _received += taken;
            if (_received == _buffer.Length)
            {
                Take();
            }
        }
    }

    /// <summary>Hands out the state.</summary>
    /// <exception cref="CorruptionException">The encoding is cut short.</exception>
    public BucketState Complete() => IsCompleted ? _state! : throw new CorruptionException($"{Subject} is cut short in its part {_section}.");

    private void Take()
    {
        var bytes = _buffer;
        if (_section != StateSection.Hash)
        {
            _hash.Append(bytes);
        }

        switch (_section)
        {
            case StateSection.Header:
                TakeHeader(bytes);
                StartSection(StateSection.Records);
                break;
            case StateSection.Hash:
                TakeHash(bytes);
                _section = StateSection.End;
                break;
            default:
                TakePart(bytes);
                break;
        }
    }

    private void TakePart(byte[] bytes)
    {
        switch (_part)
        {
            case Part.Count:
                _itemsLeft = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
                ExpectItem();
                break;
            case Part.ItemHeader:
                Expect(Part.Item, TakeItemHeader(bytes));
                break;
            default:
                TakeItem(bytes);
                _itemsLeft--;
                ExpectItem();
                break;
        }
    }

    private void ExpectItem()
    {
        if (_itemsLeft > 0)
        {
            Expect(Part.ItemHeader, _section == StateSection.History ? StateFormat.EventHeaderBytes : StateFormat.ItemHeaderBytes);
            return;
        }

        if (_section == StateSection.History)
        {
            _state!.EndRestore(_previousRevision);
        }

        StartSection(_section + 1);
    }

    private void StartSection(StateSection section)
    {
        _section = section;
        _previous = [];

        // The count of a section and the hash at the end have the same size.
        Expect(Part.Count, StateFormat.CountBytes);
    }

    private void Expect(Part part, int size)
    {
        _part = part;
        _received = 0;

        _buffer = new byte[size];
    }

    private int TakeItemHeader(byte[] bytes)
    {
        var reader = new SpanReader(bytes, Subject);
        var max = _section switch
        {
            StateSection.Records or StateSection.History => PackedRecord.MaxBytes,
            StateSection.Sessions => SessionItem.TotalBytes,
            _ => MaxAnswerItemBytes,
        };
        var length = reader.ReadLength("item length", _section == StateSection.Sessions ? max : 1, max);
        if (_section == StateSection.History)
        {
            _eventKind = (ChangeKind)reader.ReadByte("event kind");
            reader.Require(_eventKind is >= ChangeKind.Put and <= ChangeKind.Expired, "event kind", (long)_eventKind);
            _eventTime = reader.ReadWallTime("event time");
        }

        return length;
    }

    private void TakeItem(byte[] bytes)
    {
        switch (_section)
        {
            case StateSection.Records:
                var record = PackedRecord.Parse(bytes);
                RequireAscending<ByKey>(bytes);
                _state!.RestoreRecord(record);
                break;
            case StateSection.Sessions:
                RequireAscending<SessionById>(bytes);
                RequireStorable(new SessionItem(bytes).LastUse);
                _state!.RestoreSession(new SessionItem(bytes));
                break;
            case StateSection.SessionResults:
                TakeSessionResult(bytes);
                break;
            case StateSection.Keys:
                TakeKey(bytes);
                break;
            default:
                var change = new ChangeEvent(_eventKind, PackedRecord.Parse(bytes), _eventTime);
                _state!.RestoreEvent(change, _previousRevision);
                _previousRevision = change.Revision;
                break;
        }

        _previous = bytes;
    }

    private void TakeSessionResult(byte[] bytes)
    {
        var reader = new SpanReader(bytes, "A session's result");
        _ = reader.Take(SessionResultItem.KeyBytes + Fingerprint.Bytes, "session, sequence and fingerprint");
        var answer = AnswerCodec.Read(ref reader);
        RequireAscending<SessionResultBySequence>(bytes);
        _state!.RestoreSessionResult(new SessionResultItem(bytes), answer.Revision);
    }

    private void TakeKey(byte[] bytes)
    {
        var reader = new SpanReader(bytes, "An idempotency key");
        var length = reader.ReadByte("length");
        reader.Require(length is >= 1 and <= RequestId.MaxKeyLength, "length", length);
        _ = reader.Take(KeyItem.KeyOffset - KeyItem.TimeOffset, "time");
        var text = reader.Take(length, "text");
        reader.Require(!text.ContainsAnyExceptInRange((byte)' ', (byte)'~'), "text", length);
        _ = reader.ReadUInt128("fingerprint");
        var answer = AnswerCodec.Read(ref reader);
        RequireAscending<KeyByText>(bytes);
        RequireStorable(new KeyItem(bytes).RememberedAt);
        _state!.RestoreKey(new KeyItem(bytes), answer.Revision);
    }

    private void TakeHeader(byte[] bytes)
    {
        var reader = new SpanReader(bytes, Subject);
        var magic = reader.ReadUInt32("magic");
        reader.Require(magic == StateFormat.Magic, "magic", magic);
        var version = reader.ReadUInt16("format version");
        var level = reader.ReadUInt16("feature level");
        reader.Require(version != 0, "format version", 0);
        reader.Require(level != 0, "feature level", 0);
        if (version != StateFormat.Version || level > FeatureLevels.Supported)
        {
            throw new UnknownStateFormatException(
                $"The state has format version {version} and feature level {level}; this version knows {StateFormat.Version} and {FeatureLevels.Supported}.");
        }

        var limits = BucketLimits.Read(ref reader);
        var appliedTime = reader.ReadWallTime("applied time");
        var revision = new Revision(reader.ReadUInt64("revision"));
        _previousRevision = new Revision(reader.ReadUInt64("compacted revision"));
        _state = BucketState.BeginRestore(limits, level, appliedTime, revision);
        _state.RestoreHorizons(_previousRevision, reader.ReadWallTime("time of forgotten keys"));
        reader.RequireEnd();
    }

    private void TakeHash(byte[] bytes)
    {
        var expected = _hash.Current;
        var actual = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (actual != expected)
        {
            throw new CorruptionException($"{Subject} has the hash {actual:x16} where its bytes give {expected:x16}.");
        }
    }

    private void RequireAscending<TKey>(byte[] item)
        where TKey : struct, IItemKey
    {
        if (_previous.Length > 0 && TKey.Of(_previous).SequenceCompareTo(TKey.Of(item)) >= 0)
        {
            throw new CorruptionException($"{Subject} has items out of order in its part {_section}.");
        }
    }

    private static void RequireStorable(WallTime time)
    {
        if (!time.IsStorable)
        {
            throw new CorruptionException($"{Subject} has an impossible time: {time.UnixMilliseconds}.");
        }
    }
}
