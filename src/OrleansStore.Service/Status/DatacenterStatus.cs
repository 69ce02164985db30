namespace OrleansStore.Service.Status;

/// <summary>A datacenter of the topology.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Weight">Its share of replicas relative to the others.</param>
public sealed record DatacenterStatus(DatacenterId Id, string Name, uint Weight);
