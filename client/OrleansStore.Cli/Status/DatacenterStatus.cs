namespace OrleansStore.Cli.Status;

/// <summary>The body of <c>/v1/status</c>: what one datacenter knows of the store.</summary>
/// <param name="Datacenter">Its name.</param>
/// <param name="StoreId">The store; null while there is none.</param>
/// <param name="Epoch">The version of the topology.</param>
/// <param name="Datacenters">All of the store.</param>
/// <param name="Links">Its links to others.</param>
/// <param name="Buckets">The buckets.</param>
internal sealed record DatacenterStatus(
    string Datacenter, string? StoreId, ulong Epoch, IReadOnlyList<DatacenterName> Datacenters, IReadOnlyList<LinkView> Links, IReadOnlyList<BucketView> Buckets)
{
    /// <summary>How many buckets it leads.</summary>
    public int LedCount => Buckets.Count(bucket => bucket.State == "leader");

    /// <summary>How many buckets it should lead.</summary>
    public int PrimaryCount => Buckets.Count(bucket => bucket.Primary == Datacenter);

    /// <summary>What its replicas do, and how many of them.</summary>
    public IEnumerable<(string State, int Count)> States =>
        Buckets.GroupBy(bucket => bucket.State).Select(group => (group.Key, group.Count())).OrderBy(state => state.Key, StringComparer.Ordinal);
}
