using OrleansStore.Datacenters.Links;

namespace OrleansStore.Silo.Settings;

/// <summary>What all datacenters of the process share, whatever the engine.</summary>
/// <param name="DataDirectory">The folder that holds a folder per datacenter.</param>
/// <param name="BucketCount">How many buckets a new store gets; null for the default.</param>
/// <param name="Primary">The primary datacenter of all buckets of a new store; null for the ring.</param>
/// <param name="Security">Certificates.</param>
/// <param name="Postgres">The connection string of the database; null for files.</param>
internal sealed record StoreFacts(string DataDirectory, int? BucketCount, string? Primary, PeerSecurityOptions Security, string? Postgres);
