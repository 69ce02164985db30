namespace OrleansStore.Service.Routing.Calls;

/// <summary>Where the next copy of a request goes.</summary>
/// <param name="Target">The datacenter of the replica.</param>
/// <param name="Relay">The datacenter that passes it on; <see cref="DatacenterId.None"/> where the target is reached directly.</param>
/// <param name="IsKnownLeader">Whether the target is said to lead, or needs not to.</param>
internal readonly record struct RouteHop(DatacenterId Target, DatacenterId Relay, bool IsKnownLeader);
