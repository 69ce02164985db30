namespace OrleansStore.Buckets.Commands;

/// <summary>Does nothing but bring the leader's stamp: due expirations happen.</summary>
/// <param name="stamp">The leader's wall-clock time.</param>
public sealed class AdvanceTimeCommand(WallTime stamp) : BucketCommand(CommandKind.AdvanceTime, stamp);
