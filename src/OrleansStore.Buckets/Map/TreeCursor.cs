namespace OrleansStore.Buckets.Map;

/// <summary>Goes through items in ascending order. A cursor over a live tree ends with the tree's next write; one over a view does not.</summary>
/// <remarks>Nodes hold no links to their neighbours, because copying one node would then mean to copy its neighbours. Instead the cursor remembers the
/// separator that ends its leaf and goes down from the root again: once per leaf.</remarks>
internal struct TreeCursor<TKey>
    where TKey : struct, IItemKey
{
    private readonly TreeNode _root;
    private TreeLeaf<TKey> _leaf;
    private byte[]? _end;
    private int _next;

    public TreeCursor(TreeNode root, ReadOnlySpan<byte> start)
    {
        _root = root;
        _leaf = Descend(root, start, out _end);
        _next = _leaf.Slots.Search(start, out _);
        Current = [];
    }

    /// <summary>The item; valid after <see cref="MoveNext"/> returned true.</summary>
    public byte[] Current { get; private set; }

    public bool MoveNext()
    {
        while (_next == _leaf.Slots.Count)
        {
            if (_end is null)
            {
                return false;
            }

            _leaf = Descend(_root, _end, out _end);
            _next = 0;
        }

        Current = _leaf.Slots[_next++];
        return true;
    }

    private static TreeLeaf<TKey> Descend(TreeNode node, ReadOnlySpan<byte> key, out byte[]? end)
    {
        end = null;
        while (node is TreeBranch branch)
        {
            var index = branch.IndexOf(key);
            if (index < branch.Separators.Length)
            {
                end = branch.Separators[index];
            }

            node = branch.Child(index);
        }

        return (TreeLeaf<TKey>)node;
    }
}
