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

    /// <summary>Whether a datacenter can be reached now; true for the local one.</summary>
    bool IsReachable(DatacenterId datacenter);

    /// <summary>Passes a request to a replica. Ends at the request's deadline at the latest.</summary>
    /// <param name="datacenter">Where the replica is.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="request">The request.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="cancellationToken">Ends the waiting with <see cref="OperationCanceledException"/>; the request goes on.</param>
    ValueTask<CallResult> CallAsync(DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken);
}
