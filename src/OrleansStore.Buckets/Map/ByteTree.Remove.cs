namespace OrleansStore.Buckets.Map;

/// <content>Removal: nodes that become small are merged with a neighbour or share its content.</content>
internal sealed partial class ByteTree<TKey>
{
    private const int MinSlots = SortedSlots<TKey>.Capacity / 4;

    // Below the capacity, so that a merged node is not split again by the next insert.
    private const int MergeSlots = SortedSlots<TKey>.Capacity * 3 / 4;

    private void RemoveFrom(ref TreeNode slot, ReadOnlySpan<byte> key)
    {
        if (slot is TreeLeaf<TKey>)
        {
            var leaf = OwnLeaf(ref slot);
            leaf.Slots.RemoveAt(leaf.Slots.Search(key, out _));
            return;
        }

        var branch = OwnBranch(ref slot);
        var index = branch.IndexOf(key);
        RemoveFrom(ref branch.Child(index), key);
        if (IsSmall(branch.Child(index)) && branch.ChildCount > 1)
        {
            Rebalance(branch, index == 0 ? 0 : index - 1);
        }
    }

    private static bool IsSmall(TreeNode node) => node switch
    {
        TreeLeaf<TKey> leaf => leaf.Slots.Count < MinSlots,
        _ => ((TreeBranch)node).ChildCount < MinSlots,
    };

    private void Rebalance(TreeBranch parent, int left)
    {
        if (parent.Child(left) is TreeLeaf<TKey> leftLeaf)
        {
            RebalanceLeaves(parent, left, leftLeaf, (TreeLeaf<TKey>)parent.Child(left + 1));
        }
        else
        {
            RebalanceBranches(parent, left, (TreeBranch)parent.Child(left), (TreeBranch)parent.Child(left + 1));
        }
    }

    private void RebalanceLeaves(TreeBranch parent, int index, TreeLeaf<TKey> left, TreeLeaf<TKey> right)
    {
        byte[][] items = [.. left.Slots.Items, .. right.Slots.Items];
        if (items.Length <= MergeSlots)
        {
            parent.ReplacePair(index, new TreeLeaf<TKey>(_era, SortedSlots<TKey>.From(items)));
            return;
        }

        var middle = items.Length / 2;
        parent.ReplacePair(
            index,
            new TreeLeaf<TKey>(_era, SortedSlots<TKey>.From(items.AsSpan(0, middle))),
            ShortestSeparator(items[middle - 1], items[middle]),
            new TreeLeaf<TKey>(_era, SortedSlots<TKey>.From(items.AsSpan(middle))));
    }

    private void RebalanceBranches(TreeBranch parent, int index, TreeBranch left, TreeBranch right)
    {
        List<TreeNode> children = [.. left.Children, .. right.Children];
        List<byte[]> separators = [.. left.Separators, parent.Separators[index], .. right.Separators];
        if (children.Count <= MergeSlots)
        {
            parent.ReplacePair(index, TreeBranch.From(_era, [.. children], [.. separators]));
            return;
        }

        TreeNode slot = left;
        var split = Divide(ref slot, children, separators, children.Count / 2);
        parent.ReplacePair(index, slot, split.Separator!, split.Right!);
    }
}
