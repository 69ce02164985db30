namespace OrleansStore.Storage.Testing;

/// <summary>One operation on a <see cref="MemoryDisk"/>.</summary>
/// <param name="Number">Counts the operations that change something, from 1; 0 for reads.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Path">Of what.</param>
/// <param name="Bytes">How many bytes are written or read; 0 for the rest.</param>
public readonly record struct DiskOperation(long Number, DiskOperationKind Kind, string Path, int Bytes);
