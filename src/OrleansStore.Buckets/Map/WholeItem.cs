namespace OrleansStore.Buckets.Map;

/// <summary>The item is its own key: the separators of branches.</summary>
internal readonly struct WholeItem : IItemKey
{
    public static ReadOnlySpan<byte> Of(byte[] item) => item;
}
