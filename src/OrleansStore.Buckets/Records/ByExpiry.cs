using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Records;

/// <summary>Orders packed records that have an expiry by expiry, namespace and key.</summary>
internal readonly struct ByExpiry : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(
        PackedRecord.NamespaceOffset(item) - PackedRecord.ExpiryBytes,
        PackedRecord.ExpiryBytes + PackedRecord.NamespaceBytes + PackedRecord.KeyLength(item));
}
