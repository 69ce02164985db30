using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Map;

/// <summary>A node that holds children: separator <c>i</c> is above every key of child <c>i</c> and not above any key of child <c>i + 1</c>.</summary>
/// <remarks>Separators are copies, as short as they can be: a key of an item would keep the item, and its value, alive after it was deleted.</remarks>
internal sealed class TreeBranch : TreeNode
{
    public const int MaxChildren = SortedSlots<WholeItem>.Capacity + 1;

    private TreeNode[] _children;
    private SortedSlots<WholeItem> _separators;

    private TreeBranch(long era, TreeNode[] children, SortedSlots<WholeItem> separators)
        : base(era)
    {
        _children = children;
        _separators = separators;
    }

    public int ChildCount => _separators.Count + 1;

    public bool IsFull => ChildCount == MaxChildren;

    public ReadOnlySpan<TreeNode> Children => _children.AsSpan(0, ChildCount);

    public ReadOnlySpan<byte[]> Separators => _separators.Items;

    /// <summary>A branch over children and the separators between them, which are copied from the spans.</summary>
    public static TreeBranch From(long era, ReadOnlySpan<TreeNode> children, ReadOnlySpan<byte[]> separators)
    {
        Invariant.Check(children.Length == separators.Length + 1, $"children={children.Length} separators={separators.Length}");
        return new TreeBranch(era, children.ToArray(), SortedSlots<WholeItem>.From(separators));
    }

    public TreeBranch Copy(long era) => new(era, Children.ToArray(), _separators.Copy());

    public ref TreeNode Child(int index) => ref _children[index];

    /// <summary>The child whose range holds the key.</summary>
    public int IndexOf(ReadOnlySpan<byte> key)
    {
        var index = _separators.Search(key, out var found);
        return found ? index + 1 : index;
    }

    /// <summary>Inserts <paramref name="right"/> after the child at <paramref name="index"/>; there is room.</summary>
    public void InsertAfter(int index, byte[] separator, TreeNode right)
    {
        var count = ChildCount;
        if (count == _children.Length)
        {
            Array.Resize(ref _children, Math.Min(MaxChildren, count + Math.Max(2, count / 2)));
        }

        _children.AsSpan(index + 1, count - index - 1).CopyTo(_children.AsSpan(index + 2));
        _children[index + 1] = right;
        _separators.Insert(index, separator);
    }

    /// <summary>Puts one node in place of the children at <paramref name="index"/> and after it.</summary>
    public void ReplacePair(int index, TreeNode merged)
    {
        var count = ChildCount;
        _children[index] = merged;
        _children.AsSpan(index + 2, count - index - 2).CopyTo(_children.AsSpan(index + 1));
        _children[count - 1] = null!;
        _separators.RemoveAt(index);
    }

    /// <summary>Puts two nodes in place of the children at <paramref name="index"/> and after it.</summary>
    public void ReplacePair(int index, TreeNode left, byte[] separator, TreeNode right)
    {
        _children[index] = left;
        _children[index + 1] = right;

        // The new separator lies between the neighbours of the old one, but need not share the bytes that the node's keys share.
        _separators.RemoveAt(index);
        _separators.Insert(index, separator);
    }
}
