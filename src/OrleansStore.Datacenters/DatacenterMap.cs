using System.Collections.Immutable;
using OrleansStore.Placement;

namespace OrleansStore.Datacenters;

/// <summary>How the datacenters of the store are numbered.</summary>
/// <param name="Local">The one of this process.</param>
/// <param name="Peers">The others.</param>
public sealed record DatacenterMap(Datacenter Local, ImmutableArray<Datacenter> Peers);
