using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Identity;

/// <summary>Orders idempotency keys by the time they were remembered, then by their text, so that every replica forgets them in the same order.</summary>
internal readonly struct KeyByTime : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(KeyItem.TimeOffset, KeyItem.KeyOffset - KeyItem.TimeOffset + item[0]);
}
