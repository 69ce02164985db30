using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Service.Replicas;

/// <content>A look at the replicated state from outside, for checkers.</content>
public sealed partial class BucketSilo
{
    /// <summary>The state of the local replica as of the end of its last turn; null while it is not in memory. Costs O(1), and only for whoever asks.</summary>
    internal BucketView? ViewOf(BucketId bucket) => _hosts.TryGetValue(bucket, out var host) ? host.TakeView() : null;

    /// <summary>Until when, by this process's clock, the local replica may serve reads without asking others; null where it may not.</summary>
    internal MonotonicTime? LeaseEndOf(BucketId bucket) => _hosts.TryGetValue(bucket, out var host) ? host.LeaseEnd() : null;
}
