namespace OrleansStore.Placement;

/// <summary>What the ring needs to know of a datacenter.</summary>
/// <param name="Id">The datacenter.</param>
/// <param name="Weight">In [1, <see cref="Datacenter.MaxWeight"/>].</param>
public readonly record struct DatacenterWeight(DatacenterId Id, int Weight);
