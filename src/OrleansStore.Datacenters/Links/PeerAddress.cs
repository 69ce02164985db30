namespace OrleansStore.Datacenters.Links;

/// <summary>A datacenter and where it can be reached.</summary>
/// <param name="Name">Its name in the topology.</param>
/// <param name="Endpoint">Its peer port.</param>
public readonly record struct PeerAddress(string Name, PeerEndpoint Endpoint);
