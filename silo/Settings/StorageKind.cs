namespace OrleansStore.Silo.Settings;

/// <summary>Where a datacenter keeps its data.</summary>
internal enum StorageKind
{
    /// <summary>In a folder of this machine.</summary>
    Files = 1,

    /// <summary>In a PostgreSQL database.</summary>
    Postgres = 2,
}
