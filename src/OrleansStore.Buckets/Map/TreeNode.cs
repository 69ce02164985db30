namespace OrleansStore.Buckets.Map;

/// <summary>A node of a <see cref="ByteTree{TKey}"/>.</summary>
internal abstract class TreeNode(long era)
{
    /// <summary>The era of the tree in which the node was made. The tree changes nodes of its present era in place and copies older ones, which views may hold.</summary>
    public long Era { get; } = era;
}
