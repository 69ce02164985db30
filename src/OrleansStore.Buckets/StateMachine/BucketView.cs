using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Identity;
using OrleansStore.Buckets.Map;
using OrleansStore.Buckets.Records;

namespace OrleansStore.Buckets.StateMachine;

/// <summary>The state of a bucket at one moment, for good: for snapshots, and for reads at a revision while writes go on. Any thread may read it.</summary>
public sealed class BucketView
{
    internal BucketView(BucketLimits limits, ushort featureLevel, WallTime appliedTime, Revision revision)
    {
        Limits = limits;
        FeatureLevel = featureLevel;
        AppliedTime = appliedTime;
        Revision = revision;
    }

    /// <summary>The bounds of the state.</summary>
    public BucketLimits Limits { get; }

    /// <summary>The feature level that was raised to last.</summary>
    public ushort FeatureLevel { get; }

    /// <summary>The latest stamp applied.</summary>
    public WallTime AppliedTime { get; }

    /// <summary>The revision of the last change.</summary>
    public Revision Revision { get; }

    /// <summary>The records.</summary>
    public RecordReader Records => new(RecordTree);

    internal TreeView<ByKey> RecordTree { get; init; }

    internal TreeView<SessionById> Sessions { get; init; }

    internal TreeView<SessionResultBySequence> SessionResults { get; init; }

    internal TreeView<KeyByText> Keys { get; init; }

    internal WallTime KeysForgottenThrough { get; init; }

    internal HistoryView History { get; init; }

    /// <summary>Collects change events, whole revisions only.</summary>
    /// <param name="from">The first revision wanted; <see cref="Revision.None"/> means the very first.</param>
    /// <param name="maxEvents">How many events to collect, at least 1; the last revision is completed beyond that.</param>
    /// <param name="page">Receives the events in order, after those that it already holds.</param>
    public HistoryPage ReadHistory(Revision from, int maxEvents, List<ChangeEvent> page)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxEvents, 1);
        ArgumentNullException.ThrowIfNull(page);
        return History.Read(from, maxEvents, page);
    }
}
