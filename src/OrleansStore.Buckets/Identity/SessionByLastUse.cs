using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Identity;

/// <summary>Orders session items by last use, then by session id, so that sessions end in the same order on every replica, also after a snapshot.</summary>
internal readonly struct SessionByLastUse : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(0, SessionItem.IdOffset + SessionItem.IdBytes);
}
