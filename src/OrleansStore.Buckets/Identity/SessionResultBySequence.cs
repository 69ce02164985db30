using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Identity;

/// <summary>Orders answers by session id, then by sequence.</summary>
internal readonly struct SessionResultBySequence : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(0, SessionResultItem.KeyBytes);
}
