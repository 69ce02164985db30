namespace OrleansStore.Storage.Databases;

/// <summary>Whose data a database holds, in bytes with checksums of their own.</summary>
/// <param name="Record">The formation record; null where there is none.</param>
/// <param name="Identity">The identity; null until the store is known.</param>
internal readonly record struct HomeRow(byte[]? Record, byte[]? Identity);
