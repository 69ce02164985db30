using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Tests.Map;

public sealed class ByteTreeTests
{
    // Items are a key and a trailing byte that is not part of it, so that a replacement can be told from what it replaced.
    private readonly struct Key : IItemKey
    {
        public static ReadOnlySpan<byte> Of(byte[] item) => item.AsSpan(0, item.Length - 1);
    }

    private sealed class ByBytes : IComparer<byte[]>
    {
        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    [Fact, Trait("Category", "Property")]
    public void Tree_EqualsSortedDictionary_UnderRandomChangesAndViews() => Seeds.ForEach(60, seed => RunAgainstDictionary(seed, 1500));

    [Fact, Trait("Category", "Slow")]
    public void Tree_EqualsSortedDictionary_UnderManyRandomChangesAndViews() => Seeds.ForEach(200, seed => RunAgainstDictionary(seed + 1000, 15_000));

    private static void RunAgainstDictionary(ulong seed, int steps)
    {
        var random = new TestRandom(seed);
        var tree = new ByteTree<Key>();
        var expected = new SortedDictionary<byte[], byte[]>(new ByBytes());
        List<(TreeView<Key> View, byte[][] Items)> views = [];
        var shape = random.Below(5);
        var growing = 70;
        for (var i = 0; i < steps; i++)
        {
            if (i % 500 == 499)
            {
                growing = 20 + random.Below(70);
            }

            var key = NextKey(random, shape, i);
            if (random.Chance(growing))
            {
                byte[] item = [.. key, (byte)random.Next()];
                expected.TryGetValue(key, out var previous);
                Assert.Same(previous, tree.Put(item));
                expected[key] = item;
            }
            else
            {
                // Mostly a key that is there, so that trees shrink.
                key = expected.Count > 0 && random.Chance(80) && FirstFrom(tree.Current, key) is { } there ? Key.Of(there).ToArray() : key;
                expected.Remove(key, out var previous);
                Assert.Same(previous, tree.Remove(key));
            }

            Assert.Equal(expected.Count, tree.Count);
            Assert.Same(expected.GetValueOrDefault(key), tree.Find(key));
            if (random.Chance(1))
            {
                views.Add((tree.View(), [.. expected.Values]));
            }
        }

        AssertItems([.. expected.Values], tree.Current);
        AssertShape(tree.Current.Root);
        foreach (var (view, items) in views)
        {
            AssertItems(items, view);
            AssertShape(view.Root);
            AssertSeek(items, view, NextKey(random, shape, random.Below(steps)));
        }
    }

    private static byte[]? FirstFrom(TreeView<Key> view, byte[] key)
    {
        var cursor = view.Seek(key);
        return cursor.MoveNext() ? cursor.Current : null;
    }

    private static byte[] NextKey(TestRandom random, int shape, int step) => shape switch
    {
        // Dense short keys; keys with long common prefixes; ascending; descending; zeros that padding could hide.
        0 => random.Bytes(random.Below(3)),
        1 => [.. new byte[20], (byte)random.Below(4), .. new byte[10], (byte)random.Next(), (byte)random.Next()],
        2 => [(byte)(step >> 16), (byte)(step >> 8), (byte)step],
        3 => [(byte)(0xFFFF - step >> 8), (byte)(0xFFFF - step)],
        _ => new byte[random.Below(30)].Append((byte)random.Below(2)).Concat(new byte[random.Below(12)]).ToArray(),
    };

    private static void AssertItems(byte[][] expected, TreeView<Key> view)
    {
        Assert.Equal(expected.Length, view.Count);
        var cursor = view.Seek([]);
        foreach (var item in expected)
        {
            Assert.True(cursor.MoveNext());
            Assert.Same(item, cursor.Current);
            Assert.Same(item, view.Find(Key.Of(item)));
        }

        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    private static void AssertSeek(byte[][] items, TreeView<Key> view, byte[] start)
    {
        var cursor = view.Seek(start);
        foreach (var item in items.Where(item => Key.Of(item).SequenceCompareTo(start) >= 0))
        {
            Assert.True(cursor.MoveNext());
            Assert.Same(item, cursor.Current);
        }

        Assert.False(cursor.MoveNext());
    }

    /// <summary>All leaves are equally deep, branches below the root have a neighbour to merge, separators separate.</summary>
    private static (int Depth, int Leaves) AssertShape(TreeNode node, bool isRoot = true)
    {
        if (node is TreeLeaf<Key> leaf)
        {
            Assert.True(isRoot || leaf.Slots.Count > 0);
            return (1, 1);
        }

        var branch = (TreeBranch)node;
        Assert.InRange(branch.ChildCount, 2, TreeBranch.MaxChildren);
        var below = branch.Children.ToArray().Select(child => AssertShape(child, isRoot: false)).ToList();
        Assert.Single(below.Select(child => child.Depth).Distinct());
        for (var i = 0; i < branch.Separators.Length; i++)
        {
            Assert.True(Last(branch.Children[i]).SequenceCompareTo(branch.Separators[i]) < 0);
            Assert.True(First(branch.Children[i + 1]).SequenceCompareTo(branch.Separators[i]) >= 0);
        }

        return (below[0].Depth + 1, below.Sum(child => child.Leaves));

        static ReadOnlySpan<byte> First(TreeNode node) => node is TreeLeaf<Key> leaf ? Key.Of(leaf.Slots[0]) : First(((TreeBranch)node).Children[0]);
        static ReadOnlySpan<byte> Last(TreeNode node) => node is TreeLeaf<Key> leaf ? Key.Of(leaf.Slots.Items[^1]) : Last(((TreeBranch)node).Children[^1]);
    }

    // Full leaves for ascending keys, and no leaf of a single item for any order.
    [Theory, Trait("Category", "Unit")]
    [InlineData("ascending", 1.0)]
    [InlineData("descending", 0.5)]
    [InlineData("random", 0.6)]
    public void Leaves_AreFilled_WhateverTheOrderOfInserts(string order, double atLeast)
    {
        const int count = 20_000;
        var tree = new ByteTree<Key>();
        tree.Put(Item(int.MaxValue / 2));
        tree.Put(Item(0));
        var random = new TestRandom(1);
        for (var i = 1; i <= count; i++)
        {
            tree.Put(Item(order switch
            {
                "ascending" => (int.MaxValue / 2) + i,
                "descending" => (int.MaxValue / 2) - i,
                _ => random.Below(int.MaxValue),
            }));
        }

        var (_, leaves) = AssertShape(tree.Current.Root);
        var fill = tree.Count / (leaves * (double)SortedSlots<Key>.Capacity);
        Assert.True(fill > atLeast - 0.02, $"{leaves} leaves are filled to {fill:P0}");
    }

    // Each key comes right behind a full leaf, and below the separator that the one before would have got as the only item of a new leaf.
    [Fact, Trait("Category", "Unit")]
    public void Leaves_AreFilled_WhenEachKeyComesAtTheEndOfAFullLeaf()
    {
        var tree = new ByteTree<Key>();
        for (var i = 0; i < 2 * SortedSlots<Key>.Capacity; i++)
        {
            tree.Put([0, 0, 0, 0, 0, 0, 0, (byte)i, 0]);
        }

        tree.Put([255, 255, 0]);
        for (var i = 0; i < 6 * 255; i++)
        {
            var item = new byte[9];
            item[i / 255] = (byte)(255 - (i % 255));
            tree.Put(item);
        }

        var (_, leaves) = AssertShape(tree.Current.Root);
        Assert.True(leaves < tree.Count / 24, $"{leaves} leaves hold {tree.Count} items");
    }

    [Fact, Trait("Category", "Unit")]
    public void Tree_IsEmpty_AfterEverythingWasRemoved()
    {
        var tree = new ByteTree<Key>();
        for (var i = 0; i < 10_000; i++)
        {
            tree.Put(Item(i));
        }

        for (var i = 0; i < 10_000; i++)
        {
            Assert.NotNull(tree.Remove(Key.Of(Item(i * 7 % 10_000))));
        }

        Assert.Equal(0, tree.Count);
        Assert.Null(tree.Current.First());
    }

    [Fact, Trait("Category", "Unit")]
    public void View_CopiesNothing_AndAWriteCopiesOnlyItsPathOnce()
    {
        var tree = new ByteTree<Key>();
        for (var i = 0; i < 1_000_000; i++)
        {
            tree.Put(Item(i));
        }

        Assert.Equal(0, tree.CopiedNodes);
        _ = tree.View();
        Assert.Equal(0, tree.CopiedNodes);

        // 64 items a leaf and 64 children a branch: 1 M items stand on four levels.
        tree.Put(Item(500_000));
        Assert.InRange(tree.CopiedNodes, 3, 4);
        var copied = tree.CopiedNodes;
        tree.Put(Item(500_000));
        Assert.Equal(copied, tree.CopiedNodes);

        // Another leaf under copied branches.
        tree.Put(Item(500_064));
        Assert.InRange(tree.CopiedNodes, copied, copied + 2);
    }

    [Fact, Trait("Category", "Unit")]
    public void Remove_CopiesNothing_WhenTheKeyIsMissing()
    {
        var tree = new ByteTree<Key>();
        tree.Put(Item(1));
        _ = tree.View();
        Assert.Null(tree.Remove(Key.Of(Item(2))));
        Assert.Equal(0, tree.CopiedNodes);
    }

    private static byte[] Item(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number, 0];
}
