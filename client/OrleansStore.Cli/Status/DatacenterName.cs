namespace OrleansStore.Cli.Status;

/// <summary>A datacenter of the store.</summary>
internal sealed record DatacenterName(string Name);
