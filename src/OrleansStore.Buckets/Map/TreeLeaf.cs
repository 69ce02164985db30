namespace OrleansStore.Buckets.Map;

/// <summary>A node that holds items. Only the root of an empty tree is an empty leaf.</summary>
internal sealed class TreeLeaf<TKey>(long era, SortedSlots<TKey> slots) : TreeNode(era)
    where TKey : struct, IItemKey
{
    /// <summary>A field, not a property: the slots are a mutable struct that is changed in place.</summary>
    public SortedSlots<TKey> Slots = slots;
}
