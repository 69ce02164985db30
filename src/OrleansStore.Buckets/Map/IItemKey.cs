namespace OrleansStore.Buckets.Map;

/// <summary>Where the key stands inside an item of a <see cref="ByteTree{TKey}"/>.</summary>
/// <remarks>Implemented by empty structs, so that each tree is compiled for its own key and the call is inlined.</remarks>
internal interface IItemKey
{
    /// <summary>The bytes that order the item. They never change while the item is in a tree.</summary>
    static abstract ReadOnlySpan<byte> Of(byte[] item);
}
