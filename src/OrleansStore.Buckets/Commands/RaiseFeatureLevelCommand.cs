namespace OrleansStore.Buckets.Commands;

/// <summary>Raises the feature level of the bucket, after which commands and snapshots of that level may be written (invariant 13). A lower level changes nothing.</summary>
/// <remarks>Proposed only after every member announced at least this level.</remarks>
public sealed class RaiseFeatureLevelCommand : BucketCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="stamp">The leader's wall-clock time.</param>
    /// <param name="level">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of range.</exception>
    public RaiseFeatureLevelCommand(WallTime stamp, ushort level)
        : base(CommandKind.RaiseFeatureLevel, stamp)
    {
        ArgumentOutOfRangeException.ThrowIfZero(level);
        Level = level;
    }

    /// <summary>The level to raise to.</summary>
    public ushort Level { get; }
}
