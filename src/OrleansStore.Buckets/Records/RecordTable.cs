using OrleansStore.Buckets.Map;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Records;

/// <summary>The records of a bucket, and which of them end when.</summary>
internal sealed class RecordTable
{
    private readonly ByteTree<ByKey> _records = new();

    // Invariant: exactly the items of _records that have an expiry.
    private readonly ByteTree<ByExpiry> _expiring = new();

    public int Count => _records.Count;

    /// <summary>The bytes of all packed records.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many tree nodes were copied because a view might hold them.</summary>
    public long CopiedNodes => _records.CopiedNodes + _expiring.CopiedNodes;

    /// <summary>The earliest expiry; null if no record has one.</summary>
    public WallTime? NextExpiry => _expiring.Current.First() is { } item ? new PackedRecord(item).ExpiresAt : null;

    public TreeView<ByKey> Current => _records.Current;

    public TreeView<ByKey> View() => _records.View();

    public PackedRecord? Find(ReadOnlySpan<byte> mapKey) => _records.Find(mapKey) is { } item ? new PackedRecord(item) : null;

    public void Put(PackedRecord record)
    {
        if (_records.Put(record.Item) is { } replaced)
        {
            Forget(replaced);
        }

        Bytes += record.Item.Length;
        if (PackedRecord.HasExpiry(record.Item))
        {
            _expiring.Put(record.Item);
        }
    }

    /// <returns>Whether there was a record.</returns>
    public bool Remove(ReadOnlySpan<byte> mapKey)
    {
        if (_records.Remove(mapKey) is not { } removed)
        {
            return false;
        }

        Forget(removed);
        return true;
    }

    /// <summary>The record that ended first.</summary>
    /// <param name="now">The applied time.</param>
    /// <param name="record">The record, if the result is true.</param>
    /// <returns>False where no record's expiry is at or before <paramref name="now"/>.</returns>
    public bool TryGetDue(WallTime now, out PackedRecord record)
    {
        record = default;
        if (_expiring.Current.First() is not { } item)
        {
            return false;
        }

        record = new PackedRecord(item);
        return record.ExpiresAt <= now;
    }

    private void Forget(byte[] item)
    {
        Bytes -= item.Length;
        if (PackedRecord.HasExpiry(item))
        {
            var removed = _expiring.Remove(ByExpiry.Of(item));
            Invariant.Check(ReferenceEquals(removed, item), "a record with an expiry is in the index");
        }
    }
}
