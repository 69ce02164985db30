namespace OrleansStore.Storage.Testing;

/// <summary>A directory: names of nodes.</summary>
internal sealed class MemoryFolder : MemoryNode
{
    private readonly List<Change> _unsynced = [];
    private SortedDictionary<string, MemoryNode> _durable = new(StringComparer.Ordinal);

    public SortedDictionary<string, MemoryNode> Current { get; private set; } = new(StringComparer.Ordinal);

    public void Add(string name, MemoryNode node) => Apply(new Change(Removed: null, name, node));

    public void Remove(string name) => Apply(new Change(name, Added: null, Node: null));

    public void Rename(string from, string to) => Apply(new Change(from, to, Current[from]));

    public void Sync()
    {
        _durable = new(Current, StringComparer.Ordinal);
        _unsynced.Clear();
    }

    public override void Crash(CrashLoss loss, Prng random)
    {
        foreach (var change in _unsynced)
        {
            if (loss == CrashLoss.Nothing || (loss == CrashLoss.Random && random.Chance(50)))
            {
                change.ApplyTo(_durable);
            }
        }

        _unsynced.Clear();
        Current = new(_durable, StringComparer.Ordinal);
        foreach (var node in Current.Values)
        {
            node.Crash(loss, random);
        }
    }

    public override MemoryNode Clone()
    {
        var clone = new MemoryFolder();
        foreach (var (name, node) in Current)
        {
            clone.Current.Add(name, node.Clone());
        }

        clone.Sync();
        return clone;
    }

    private void Apply(Change change)
    {
        change.ApplyTo(Current);
        _unsynced.Add(change);
    }

    private readonly record struct Change(string? Removed, string? Added, MemoryNode? Node)
    {
        public void ApplyTo(SortedDictionary<string, MemoryNode> names)
        {
            if (Removed is not null)
            {
                names.Remove(Removed);
            }

            if (Added is not null)
            {
                names[Added] = Node!;
            }
        }
    }
}
