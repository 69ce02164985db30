using OrleansStore.Verification.Nemesis.Links;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>What an <see cref="OwnCluster"/> is made of. Immutable.</summary>
public sealed record OwnClusterOptions
{
    /// <summary>The store's program: a <c>.dll</c>, which is run by <c>dotnet</c>, or an executable.</summary>
    public required string Program { get; init; }

    /// <summary>Where the data goes; created, and removed at the end.</summary>
    public required string Folder { get; init; }

    /// <summary>How many buckets: a power of two. Default 64.</summary>
    public int Buckets { get; init; } = 64;

    /// <summary>What the links between the datacenters are like.</summary>
    public LinkConditions Links { get; init; } = new();

    /// <summary>Whether the disk of the last datacenter is to be a small one in memory, so that it can be filled. Where mounting is not permitted it is not, and
    /// <see cref="IFaultTarget.Omitted"/> says so.</summary>
    public bool WantsSmallDisk { get; init; }
}
