namespace OrleansStore.Storage.Files;

/// <summary>An open file. Reads may overlap each other and one writer; writes, length changes and syncs come from one caller at a time.</summary>
/// <remarks>Every method throws <see cref="IOException"/> where the operating system fails; nothing is retried. After a failed write or sync
/// the content on disk is unknown. An open file stays readable after its name is deleted or replaced. Disposal makes nothing durable.</remarks>
public interface IFile : IAsyncDisposable
{
    /// <summary>The path it was opened under.</summary>
    string Path { get; }

    /// <summary>The current length in bytes.</summary>
    ValueTask<long> GetLengthAsync();

    /// <summary>Reads at an offset.</summary>
    /// <param name="offset">In bytes; may lie at or past the end.</param>
    /// <param name="buffer">Filled from its start; owned by the caller again when the task completes.</param>
    /// <returns>How many bytes were read: fewer than the buffer holds only where the file ends.</returns>
    ValueTask<int> ReadAsync(long offset, Memory<byte> buffer);

    /// <summary>Writes at an offset and extends the file if needed. Nothing is durable before <see cref="SyncAsync"/>.</summary>
    /// <param name="offset">In bytes. A gap before it reads as zeros.</param>
    /// <param name="data">Owned by the caller again when the task completes.</param>
    /// <exception cref="DiskFullException">There is no room; part of the data may have been written. Writing it again is safe.</exception>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data);

    /// <summary>Cuts the file, or extends it with zeros. Not durable before <see cref="SyncAsync"/>.</summary>
    ValueTask SetLengthAsync(long length);

    /// <summary>On completion everything written so far, and the length, survives a power failure; the file's name only after
    /// <see cref="IFileSystem.SyncDirectoryAsync"/>.</summary>
    ValueTask SyncAsync();
}
