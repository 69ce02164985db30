using System.Diagnostics;
using System.Security.Claims;
using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Wire;

/// <summary>A request on its way to the replica in another datacenter. Immutable.</summary>
/// <param name="Bucket">The bucket that the request's keys are in by the sender's topology.</param>
/// <param name="Epoch">The sender's topology epoch; not <see cref="Epoch.None"/>.</param>
/// <param name="CorrelationId">The sender's, unique among its requests that wait; the reply repeats it.</param>
/// <param name="Request">What is asked. Its deadline is a reading of the local clock: what travels is the time left, so that at the receiver it ends later by the time on
/// the way, and never before 0.</param>
/// <param name="Principal">Who asks. Only name and authentication type of the primary identity travel; a peer's word for them is taken.</param>
public sealed record ForwardedRequest(BucketId Bucket, Epoch Epoch, ulong CorrelationId, BucketRequest Request, ClaimsPrincipal Principal)
{
    /// <summary>The datacenter that the receiver is asked to pass the request on to, because the sender cannot reach it; <see cref="DatacenterId.None"/> for the receiver
    /// itself. What was passed on once is not passed on again.</summary>
    public DatacenterId Destination { get; init; }

    /// <summary>The W3C trace context (<c>traceparent</c>) of the caller; null for none. The trace state does not travel.</summary>
    public ActivityContext? Trace { get; init; }
}
