namespace OrleansStore.Buckets.Map;

/// <summary>The items of a <see cref="ByteTree{TKey}"/> at one moment.</summary>
internal readonly struct TreeView<TKey>
    where TKey : struct, IItemKey
{
    private readonly TreeNode _root;

    public TreeView(TreeNode root, int count)
    {
        _root = root;
        Count = count;
    }

    public int Count { get; }

    /// <summary>The root, for the checks of the tree's shape in tests.</summary>
    public TreeNode Root => _root;

    /// <summary>The item with this key; null if there is none.</summary>
    public byte[]? Find(ReadOnlySpan<byte> key)
    {
        var node = _root;
        while (node is TreeBranch branch)
        {
            node = branch.Child(branch.IndexOf(key));
        }

        ref var slots = ref ((TreeLeaf<TKey>)node).Slots;
        var index = slots.Search(key, out var found);
        return found ? slots[index] : null;
    }

    /// <summary>The item with the lowest key; null if there is none.</summary>
    public byte[]? First()
    {
        var cursor = Seek([]);
        return cursor.MoveNext() ? cursor.Current : null;
    }

    /// <summary>A cursor before the first item whose key is not below <paramref name="start"/>.</summary>
    public TreeCursor<TKey> Seek(ReadOnlySpan<byte> start) => new(_root, start);
}
