using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Identity;

/// <summary>Orders session items by session id.</summary>
internal readonly struct SessionById : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(SessionItem.IdOffset, SessionItem.IdBytes);
}
