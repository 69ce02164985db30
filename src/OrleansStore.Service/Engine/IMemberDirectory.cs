namespace OrleansStore.Service.Engine;

/// <summary>Tells which replica id each datacenter has: a port of the engine, fed by formation and hellos. Safe for concurrent use.</summary>
public interface IMemberDirectory
{
    /// <summary>The incarnation that a datacenter had when the store was formed: the first configuration of every bucket names it. Never changes.</summary>
    ReplicaId Founding(DatacenterId datacenter);

    /// <summary>The incarnation that a datacenter has now, as far as is known here: another one than the founding one if its folder was wiped since.</summary>
    ReplicaId Current(DatacenterId datacenter);
}
