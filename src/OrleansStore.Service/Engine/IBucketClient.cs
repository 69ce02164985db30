using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Engine;

/// <summary>Reaches the replica of a bucket in any datacenter: a port of the engine. The local one is activated on first use.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IBucketClient
{
    /// <summary>The datacenter of this process.</summary>
    DatacenterId Local { get; }

    /// <summary>The engine's monotonic clock, which request deadlines refer to.</summary>
    MonotonicTime Now { get; }

    /// <summary>The wall clock.</summary>
    WallTime Wall { get; }

    /// <summary>Whether a datacenter can be reached now without the help of another; true for the local one.</summary>
    bool IsReachable(DatacenterId datacenter);

    /// <summary>Passes a request to a replica, at most once.</summary>
    /// <remarks>At the request's deadline the replica gives up and says so. Its word may take a moment to arrive and is worth waiting for, because without it a
    /// write that was never proposed counts as <see cref="CallStatus.Lost"/>; whoever calls leaves that moment between the request's deadline and the end of its own
    /// waiting, the token. The call itself ends soon after the request's deadline.
    /// Nothing but the token makes it throw: however it fails, the result says how far it came.</remarks>
    /// <param name="datacenter">Where the replica is.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="request">The request.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the waiting with <see cref="OperationCanceledException"/>; the request goes on.</param>
    ValueTask<CallResult> CallAsync(DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Passes a request to a replica through a third datacenter, which passes it on to the replica directly and never to a fourth: for a datacenter whose
    /// own link to the leader is broken while others reach it.</summary>
    /// <remarks>Otherwise as <see cref="CallAsync"/>. <see cref="CallStatus.NotSent"/> also where the third one cannot reach the replica.</remarks>
    /// <param name="relay">The datacenter in between: neither <see cref="Local"/> nor <paramref name="datacenter"/>.</param>
    /// <param name="datacenter">Where the replica is.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="request">The request.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the waiting with <see cref="OperationCanceledException"/>; the request goes on.</param>
    ValueTask<CallResult> RelayAsync(
        DatacenterId relay, DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken);
}
