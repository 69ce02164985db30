using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Wire;

/// <summary>The end of a <see cref="ForwardedRequest"/>, on its way back. Immutable.</summary>
/// <param name="Bucket">The bucket of the request.</param>
/// <param name="Epoch">The topology epoch of the datacenter that answers: where it is above the asker's, the asker's topology is old (invariant 9). Not <see cref="Epoch.None"/>.</param>
/// <param name="CorrelationId">The request's.</param>
/// <param name="Result">How far the call came there: <see cref="CallStatus.NotSent"/> promises that no replica saw the request. The token of its reply does not travel.</param>
public sealed record ForwardedReply(BucketId Bucket, Epoch Epoch, ulong CorrelationId, CallResult Result);
