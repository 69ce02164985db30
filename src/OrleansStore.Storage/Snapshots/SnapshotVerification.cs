using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Whether stored bytes are the snapshot that is meant.</summary>
internal static class SnapshotVerification
{
    /// <summary>Verifies every byte.</summary>
    /// <exception cref="CorruptionException">One is not what was written, or it is another snapshot.</exception>
    public static async ValueTask VerifyAsync(IFile file, StoreId storeId, SnapshotDescriptor expected)
    {
        var length = await file.GetLengthAsync();
        var scanner = new SnapshotScanner(file, storeId, length);
        var header = await scanner.ReadHeaderAsync();
        Require(file, header, length, expected);
        while (!(await scanner.ReadBlockAsync()).IsEmpty)
        {
        }
    }

    /// <summary>How many bytes of a staged file are certainly those of the announced snapshot: header and whole blocks.</summary>
    public static async ValueTask<long> SoundPrefixAsync(IFile file, StoreId storeId, SnapshotDescriptor snapshot)
    {
        var scanner = new SnapshotScanner(file, storeId, await file.GetLengthAsync());
        var position = 0L;
        try
        {
            Require(file, await scanner.ReadHeaderAsync(), snapshot.SizeBytes, snapshot);
            do
            {
                position = scanner.Position;
            }
            while (!(await scanner.ReadBlockAsync()).IsEmpty);

            return Math.Min(scanner.Position, snapshot.SizeBytes);
        }
        catch (Exception exception) when (exception is CorruptionException or StoreException { IsTransient: false })
        {
            return position;
        }
    }

    private static void Require(IFile file, SnapshotHeader header, long length, SnapshotDescriptor expected)
    {
        var actual = new SnapshotDescriptor(header.Bucket, header.Revision, header.Metadata, length);
        if (actual != expected)
        {
            throw new CorruptionException(file.Path, 0, $"{expected}", $"{actual}");
        }
    }
}
