namespace OrleansStore.Buckets.StateMachine;

/// <summary>The feature levels of bucket state (invariant 13).</summary>
public static class FeatureLevels
{
    /// <summary>The level at which a bucket is created: the commands and the state format of format version 1.</summary>
    public const ushort Initial = 1;

    /// <summary>The highest level that this version knows; what a member announces.</summary>
    public const ushort Supported = 1;
}
