namespace OrleansStore.Storage.Files;

/// <summary>The room on the volume of a folder.</summary>
/// <param name="AvailableBytes">What this process may still write.</param>
/// <param name="TotalBytes">The size of the volume.</param>
public readonly record struct DiskSpace(long AvailableBytes, long TotalBytes);
