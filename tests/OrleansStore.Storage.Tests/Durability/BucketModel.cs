using OrleansStore.Consensus;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>What a bucket's storage must hold after some appends: the dumb version, a list of entries and four values.</summary>
internal sealed record BucketModel(HardState HardState, EntryId CompactedTo, IReadOnlyList<Entry> Entries, DueTime DueTime)
{
    public static readonly BucketModel Empty = new(HardState.Empty, default, [], DueTime.None);

    public ulong Last => Entries.Count > 0 ? Entries[^1].Index.Value : CompactedTo.Index.Value;

    public BucketModel After(LogAppend append)
    {
        var next = append.RemovesBucket ? Empty : this;
        next = next with { HardState = append.HardState ?? next.HardState, DueTime = append.DueTime ?? next.DueTime };
        if (append.InstalledSnapshot is { } installed)
        {
            next = next with { CompactedTo = installed, Entries = [] };
        }

        if (!append.Entries.IsEmpty)
        {
            var first = append.Entries.Span[0].Index;
            next = next with { Entries = [.. next.Entries.Where(entry => entry.Index < first), .. append.Entries.ToArray()] };
        }

        return append.CompactedTo is { } mark
            ? next with { CompactedTo = mark, Entries = [.. next.Entries.Where(entry => entry.Index > mark.Index)] }
            : next;
    }

    /// <summary>What storage makes of this when it finds a snapshot that the log has not taken note of.</summary>
    public BucketModel WithSnapshot(SnapshotMetadata snapshot)
    {
        if (snapshot.Index <= CompactedTo.Index || Entries.Any(entry => entry.Id == snapshot.LastEntry))
        {
            return this;
        }

        var term = snapshot.Term > HardState.Term ? new HardState(snapshot.Term, ReplicaId.None, snapshot.Index) : HardState;
        return this with
        {
            HardState = term with { Commit = snapshot.Index > term.Commit ? snapshot.Index : term.Commit },
            CompactedTo = snapshot.LastEntry,
            Entries = [],
        };
    }

    public bool Matches(LogState state) =>
        state.HardState == HardState
        && state.CompactedTo == CompactedTo
        && state.DueTime == DueTime
        && state.Entries.Count == Entries.Count
        && state.Entries.Zip(Entries).All(pair => pair.First.Id == pair.Second.Id
            && pair.First.Type == pair.Second.Type
            && pair.First.Data.Span.SequenceEqual(pair.Second.Data.Span));

    public override string ToString() => Describe(HardState, CompactedTo, Entries, DueTime);

    public static string Describe(LogState state) => Describe(state.HardState, state.CompactedTo, state.Entries, state.DueTime);

    private static string Describe(HardState hardState, EntryId compactedTo, IReadOnlyList<Entry> entries, DueTime dueTime) =>
        $"{hardState}, compacted {compactedTo}, entries [{string.Join(' ', entries.Select(entry => $"{entry.Id}:{entry.Data.Length}"))}], due {dueTime.UtcTicks}";
}
