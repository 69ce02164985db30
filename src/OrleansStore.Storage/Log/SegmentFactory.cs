using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <summary>Creates and opens segments.</summary>
internal sealed class SegmentFactory(IFileSystem files, string directory, StoreIdentity identity)
{
    /// <summary>The suffix of a file that is not complete yet; such files are removed when a folder is opened.</summary>
    public const string TemporarySuffix = ".tmp";

    public string PathOf(ulong number) => FilePath.Join(directory, SegmentFile.NameOf(number));

    /// <summary>Creates an empty segment. On completion header and name are durable.</summary>
    public async ValueTask<SegmentFile> CreateAsync(ulong number, ulong firstSequence, ulong firstSegment, long previousEnd)
    {
        var header = SegmentHeader.Create(identity, number, firstSequence, firstSegment, previousEnd);
        var bytes = new byte[SegmentHeader.SizeBytes];
        header.Write(bytes);

        // The name comes last, so that a segment with a bad header is always damage and never a torn creation.
        var path = PathOf(number);
        var file = await files.OpenAsync(path + TemporarySuffix, FileOpenMode.Create);
        await using (file)
        {
            await file.WriteAsync(0, bytes);
            await file.SyncAsync();
        }

        await files.RenameAsync(path + TemporarySuffix, path);
        await files.SyncDirectoryAsync(directory);
        return new SegmentFile(header, await files.OpenAsync(path, FileOpenMode.ReadWrite));
    }

    /// <summary>Opens an existing segment and checks its header.</summary>
    public async ValueTask<SegmentFile> OpenAsync(ulong number)
    {
        var file = await files.OpenAsync(PathOf(number), FileOpenMode.ReadWrite);
        try
        {
            var bytes = new byte[SegmentHeader.SizeBytes];
            var read = await file.ReadAsync(0, bytes);
            return new SegmentFile(SegmentHeader.Read(file.Path, bytes.AsSpan(0, read), identity, number), file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
