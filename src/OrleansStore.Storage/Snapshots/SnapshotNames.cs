using System.Globalization;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Names below the snapshot folder: <c>bucket/revision.snap</c>. A split bucket is <c>number.generation</c>.</summary>
internal static class SnapshotNames
{
    public const string Extension = ".snap";
    public const string TemporarySuffix = ".tmp";
    public const string IncomingSuffix = ".part";

    public static string OfBucket(BucketId bucket) => bucket.SplitGeneration == 0
        ? bucket.Number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{bucket.Number}.{bucket.SplitGeneration}");

    public static string OfSnapshot(Revision revision) => revision.Value.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    public static bool TryParseBucket(string name, out BucketId bucket)
    {
        bucket = default;
        var parts = name.Split('.');
        byte generation = 0;
        if (parts.Length > 2
            || !uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || (parts.Length == 2 && !byte.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out generation)))
        {
            return false;
        }

        bucket = new BucketId(number, generation);
        return OfBucket(bucket) == name;
    }
}
