using System.Buffers.Binary;
using OrleansStore.Buckets.Binary;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Identity;
using OrleansStore.Buckets.Map;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Snapshots;

/// <summary>Encodes a view piece by piece, as the reader of the bytes asks for them. It holds no buffer of its own beyond a header.</summary>
/// <remarks>One thread uses an encoder; it may be another one than that which applies commands.</remarks>
public sealed class StateEncoder
{
    private readonly BucketView _view;
    private readonly byte[] _small = new byte[StateFormat.HeaderBytes];
    private XxHash64 _hash = new(0);
    private TreeCursor<ByKey> _records;
    private TreeCursor<SessionById> _sessions;
    private TreeCursor<SessionResultBySequence> _results;
    private TreeCursor<KeyByText> _keys;
    private HistoryCursor _history;

    // What is written next: first the small buffer, then the item.
    private StateSection _section = StateSection.Header;
    private int _smallStart;
    private int _smallEnd;
    private ReadOnlyMemory<byte> _item;

    /// <summary>Creates an encoder.</summary>
    /// <param name="view">What to encode.</param>
    public StateEncoder(BucketView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        _view = view;
        _records = view.RecordTree.Seek([]);
        _sessions = view.Sessions.Seek([]);
        _results = view.SessionResults.Seek([]);
        _keys = view.Keys.Seek([]);
        _history = view.History.Start();
        EncodeHeader();
    }

    /// <summary>Whether all bytes were written.</summary>
    public bool IsCompleted => _section == StateSection.End;

    /// <summary>The hash at the end of the encoding; equal for equal states.</summary>
    /// <exception cref="InvalidOperationException">Not all bytes were written.</exception>
    public ulong Hash => IsCompleted ? _hash.Current : throw new InvalidOperationException("The state is not encoded to its end yet.");

    /// <summary>Writes the next bytes.</summary>
    /// <param name="destination">Where to write; filled up unless the encoding ends.</param>
    /// <returns>How many bytes were written; 0 only where <paramref name="destination"/> is empty or the encoding had ended.</returns>
    public int Write(Span<byte> destination)
    {
        var written = 0;
        while (written < destination.Length && !IsCompleted)
        {
            var next = _smallStart < _smallEnd ? _small.AsSpan(_smallStart, _smallEnd - _smallStart) : _item.Span;
            next = next[..Math.Min(next.Length, destination.Length - written)];
            next.CopyTo(destination[written..]);
            written += next.Length;
            Consume(next);
        }

        return written;
    }

    private void Consume(ReadOnlySpan<byte> written)
    {
        if (_section != StateSection.Hash)
        {
            _hash.Append(written);
        }

        if (_smallStart < _smallEnd)
        {
            _smallStart += written.Length;
        }
        else
        {
            _item = _item[written.Length..];
        }

        if (_smallStart == _smallEnd && _item.IsEmpty)
        {
            Load();
        }
    }

    /// <summary>Makes the next item, or the count of the next section, what is written next.</summary>
    private void Load()
    {
        var hasItem = _section switch
        {
            StateSection.Records => LoadItem(ref _records),
            StateSection.Sessions => LoadItem(ref _sessions),
            StateSection.SessionResults => LoadItem(ref _results),
            StateSection.Keys => LoadItem(ref _keys),
            StateSection.History => LoadEvent(),
            _ => false,
        };
        if (hasItem)
        {
            return;
        }

        _section++;
        if (_section != StateSection.End)
        {
            SetSmall(_section switch
            {
                StateSection.Records => (ulong)_view.RecordTree.Count,
                StateSection.Sessions => (ulong)_view.Sessions.Count,
                StateSection.SessionResults => (ulong)_view.SessionResults.Count,
                StateSection.Keys => (ulong)_view.Keys.Count,
                StateSection.History => (ulong)_view.History.Count,
                _ => _hash.Current,
            });
        }
    }

    private bool LoadItem<TKey>(ref TreeCursor<TKey> cursor)
        where TKey : struct, IItemKey
    {
        if (!cursor.MoveNext())
        {
            return false;
        }

        _item = cursor.Current;
        BinaryPrimitives.WriteUInt32LittleEndian(_small, (uint)_item.Length);
        (_smallStart, _smallEnd) = (0, StateFormat.ItemHeaderBytes);
        return true;
    }

    private bool LoadEvent()
    {
        if (!_history.MoveNext())
        {
            return false;
        }

        var change = _history.Current;
        _item = change.Record.Bytes;
        var writer = new SpanWriter(_small.AsSpan(0, StateFormat.EventHeaderBytes));
        writer.Write((uint)_item.Length);
        writer.Write((byte)change.Kind);
        writer.Write(change.Time);
        writer.Finish();
        (_smallStart, _smallEnd) = (0, StateFormat.EventHeaderBytes);
        return true;
    }

    private void SetSmall(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_small, value);
        (_smallStart, _smallEnd) = (0, sizeof(ulong));
    }

    private void EncodeHeader()
    {
        var writer = new SpanWriter(_small);
        writer.Write(StateFormat.Magic);
        writer.Write(StateFormat.Version);
        writer.Write(_view.FeatureLevel);
        _view.Limits.Write(ref writer);
        writer.Write(_view.AppliedTime);
        writer.Write(_view.Revision.Value);
        writer.Write(_view.History.Compacted.Value);
        writer.Write(_view.KeysForgottenThrough);
        writer.Finish();
        (_smallStart, _smallEnd) = (0, StateFormat.HeaderBytes);
    }
}
