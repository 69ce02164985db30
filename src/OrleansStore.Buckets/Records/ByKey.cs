using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Records;

/// <summary>Orders packed records by namespace and key.</summary>
internal readonly struct ByKey : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) =>
        item.AsSpan(PackedRecord.NamespaceOffset(item), PackedRecord.NamespaceBytes + PackedRecord.KeyLength(item));
}
