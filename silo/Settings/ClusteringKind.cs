namespace OrleansStore.Silo.Settings;

/// <summary>How the silos of one datacenter find each other.</summary>
internal enum ClusteringKind
{
    /// <summary>There is one.</summary>
    Localhost = 1,

    /// <summary>By the tables of Orleans in the PostgreSQL database of the datacenter.</summary>
    Postgres = 2,
}
