using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Identity;

/// <summary>Orders idempotency keys by their text.</summary>
internal readonly struct KeyByText : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(KeyItem.KeyOffset, item[0]);
}
