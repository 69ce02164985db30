using OrleansStore.Buckets.Records;

namespace OrleansStore.Buckets.History;

/// <summary>One change of one key.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Record">The record after the change; a tombstone where it was removed.</param>
/// <param name="Time">The applied time of the change.</param>
public readonly record struct ChangeEvent(ChangeKind Kind, PackedRecord Record, WallTime Time)
{
    /// <summary>What an event costs beside its record where the history is limited by bytes.</summary>
    public const int OverheadBytes = 13;

    /// <summary>The revision of the change; all changes of one command share it.</summary>
    public Revision Revision => Record.ModifyRevision;

    /// <summary>The bytes this event counts for against <see cref="StateMachine.BucketLimits.MaxHistoryBytes"/>.</summary>
    public long SizeBytes => OverheadBytes + Record.Bytes.Length;
}
