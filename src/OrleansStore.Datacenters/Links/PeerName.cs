namespace OrleansStore.Datacenters.Links;

/// <summary>A datacenter at the other end of a link.</summary>
/// <param name="Datacenter">Its number in the topology.</param>
/// <param name="Name">Its name in the topology.</param>
public readonly record struct PeerName(DatacenterId Datacenter, string Name);
