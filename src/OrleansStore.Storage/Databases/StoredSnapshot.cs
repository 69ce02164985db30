namespace OrleansStore.Storage.Databases;

/// <summary>A snapshot as its row describes it.</summary>
/// <param name="Id">Its number in the database.</param>
/// <param name="SizeBytes">The length of the stored form: announced while it is being received, final for the newest.</param>
/// <param name="Header">The header of the stored form; empty while it is being received.</param>
internal readonly record struct StoredSnapshot(long Id, long SizeBytes, byte[] Header);
