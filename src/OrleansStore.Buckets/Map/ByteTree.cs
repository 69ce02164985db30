using System.Runtime.InteropServices;

namespace OrleansStore.Buckets.Map;

/// <summary>An ordered map of byte arrays by a key inside them: a B+tree whose nodes are changed in place until a view shares them.</summary>
/// <remarks>
/// <para><see cref="View"/> costs O(1): it hands out the root and begins a new <em>era</em>. A write copies the nodes of older eras on its path, once
/// per node and era, and nothing else, so that a view never stalls a writer.</para>
/// <para>Items are owned by the tree and must not change. One thread writes; views may be read by any thread.</para>
/// </remarks>
internal sealed partial class ByteTree<TKey>
    where TKey : struct, IItemKey
{
    private TreeNode _root;
    private long _era = 1;

    public ByteTree() => _root = new TreeLeaf<TKey>(_era, SortedSlots<TKey>.Empty);

    public int Count { get; private set; }

    /// <summary>How many nodes were copied because a view might hold them.</summary>
    public long CopiedNodes { get; private set; }

    /// <summary>The tree as it is; valid until the next write, and costs nothing.</summary>
    public TreeView<TKey> Current => new(_root, Count);

    /// <summary>The tree as it is, for good.</summary>
    public TreeView<TKey> View()
    {
        _era++;
        return Current;
    }

    public byte[]? Find(ReadOnlySpan<byte> key) => Current.Find(key);

    /// <summary>Inserts an item, or puts it in the place of one with an equal key.</summary>
    /// <returns>The item that was replaced; null if there was none.</returns>
    public byte[]? Put(byte[] item)
    {
        var split = Insert(ref _root, item, TKey.Of(item), isRightmost: true, out var replaced);
        if (split.Right is not null)
        {
            _root = TreeBranch.From(_era, [_root, split.Right], [split.Separator!]);
        }

        if (replaced is null)
        {
            Count++;
        }

        return replaced;
    }

    /// <summary>Removes the item with this key.</summary>
    /// <returns>The item; null if there was none, and then nothing was copied.</returns>
    public byte[]? Remove(ReadOnlySpan<byte> key)
    {
        if (Find(key) is not { } removed)
        {
            return null;
        }

        RemoveFrom(ref _root, key);
        if (_root is TreeBranch { ChildCount: 1 } root)
        {
            _root = root.Child(0);
        }

        Count--;
        return removed;
    }

    private static byte[] ShortestSeparator(byte[] left, byte[] right)
    {
        // The shortest prefix of the right key that is above the left one.
        var above = TKey.Of(right);
        return above[..(TKey.Of(left).CommonPrefixLength(above) + 1)].ToArray();
    }

    private Split Insert(ref TreeNode slot, byte[] item, ReadOnlySpan<byte> key, bool isRightmost, out byte[]? replaced)
    {
        if (slot is TreeLeaf<TKey>)
        {
            return InsertIntoLeaf(OwnLeaf(ref slot), item, key, isRightmost, out replaced);
        }

        var branch = OwnBranch(ref slot);
        var index = branch.IndexOf(key);
        var split = Insert(ref branch.Child(index), item, key, isRightmost && index == branch.ChildCount - 1, out replaced);
        if (split.Right is null)
        {
            return default;
        }

        if (!branch.IsFull)
        {
            branch.InsertAfter(index, split.Separator!, split.Right);
            return default;
        }

        return SplitBranch(ref slot, branch, index, split, isRightmost);
    }

    private Split InsertIntoLeaf(TreeLeaf<TKey> leaf, byte[] item, ReadOnlySpan<byte> key, bool isRightmost, out byte[]? replaced)
    {
        var index = leaf.Slots.Search(key, out var found);
        if (found)
        {
            replaced = leaf.Slots.Replace(index, item);
            return default;
        }

        replaced = null;
        if (leaf.Slots.Count < SortedSlots<TKey>.Capacity)
        {
            leaf.Slots.Insert(index, item);
            return default;
        }

        // Keys that come in ascending order fill leaf after leaf; halving would leave all of them half empty. Only at the very end of the tree:
        // elsewhere keys that each come right behind a full leaf would make leaves of one item.
        var keep = isRightmost && index == leaf.Slots.Count ? leaf.Slots.Count : leaf.Slots.Count / 2;
        var right = new TreeLeaf<TKey>(_era, SortedSlots<TKey>.From(leaf.Slots.Items[keep..]));
        leaf.Slots = SortedSlots<TKey>.From(leaf.Slots.Items[..keep]);
        if (index < keep)
        {
            leaf.Slots.Insert(index, item);
        }
        else
        {
            right.Slots.Insert(index - keep, item);
        }

        return new Split(ShortestSeparator(leaf.Slots.Items[^1], right.Slots[0]), right);
    }

    private Split SplitBranch(ref TreeNode slot, TreeBranch branch, int index, Split split, bool isRightmost)
    {
        List<TreeNode> children = [.. branch.Children];
        List<byte[]> separators = [.. branch.Separators];
        children.Insert(index + 1, split.Right!);
        separators.Insert(index, split.Separator!);

        // As for leaves; the right branch gets two children so that each branch has a choice to merge.
        var keep = isRightmost && index == branch.ChildCount - 1 ? children.Count - 2 : children.Count / 2;
        return Divide(ref slot, children, separators, keep);
    }

    /// <summary>Makes a branch of the first <paramref name="keep"/> children in <paramref name="slot"/> and one of the rest.</summary>
    private Split Divide(ref TreeNode slot, List<TreeNode> children, List<byte[]> separators, int keep)
    {
        var allChildren = CollectionsMarshal.AsSpan(children);
        var allSeparators = CollectionsMarshal.AsSpan(separators);
        slot = TreeBranch.From(_era, allChildren[..keep], allSeparators[..(keep - 1)]);
        return new Split(separators[keep - 1], TreeBranch.From(_era, allChildren[keep..], allSeparators[keep..]));
    }

    private TreeLeaf<TKey> OwnLeaf(ref TreeNode slot)
    {
        var leaf = (TreeLeaf<TKey>)slot;
        if (leaf.Era != _era)
        {
            leaf = new TreeLeaf<TKey>(_era, leaf.Slots.Copy());
            slot = leaf;
            CopiedNodes++;
        }

        return leaf;
    }

    private TreeBranch OwnBranch(ref TreeNode slot)
    {
        var branch = (TreeBranch)slot;
        if (branch.Era != _era)
        {
            branch = branch.Copy(_era);
            slot = branch;
            CopiedNodes++;
        }

        return branch;
    }

    private readonly record struct Split(byte[]? Separator, TreeNode? Right);
}
