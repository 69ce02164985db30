using System.Globalization;
using OrleansStore.Diagnostics;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <summary>One segment of the log, and how much of it is still needed.</summary>
/// <remarks>All members but <see cref="Header"/> and <see cref="File"/> are guarded by the log's lock.</remarks>
internal sealed class SegmentFile(SegmentHeader header, IFile file)
{
    private const string Extension = ".wal";

    // Invariant: 1 while the segment belongs to the log, plus one for each reader. The file is closed when it drops to 0.
    private int _references = 1;

    public SegmentHeader Header => header;

    public IFile File => file;

    public ulong Number => header.Number;

    /// <summary>Where the used part ends.</summary>
    public long End { get; set; } = SegmentHeader.SizeBytes;

    /// <summary>Bytes of records that are still needed.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>How many records are still needed; with none, the segment can go.</summary>
    public int LiveRecords { get; private set; }

    public static string NameOf(ulong number) => number.ToString("D8", CultureInfo.InvariantCulture) + Extension;

    public static bool TryParseName(string name, out ulong number)
    {
        number = 0;
        return name.EndsWith(Extension, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - Extension.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && NameOf(number) == name;
    }

    public void AddLive(int recordBytes)
    {
        LiveBytes += recordBytes;
        LiveRecords++;
    }

    public void RemoveLive(int recordBytes)
    {
        LiveBytes -= recordBytes;
        LiveRecords--;
        Invariant.Check(LiveBytes >= 0, $"segment {Number} has {LiveBytes} live bytes");
        Invariant.Check(LiveRecords >= 0, $"segment {Number} has {LiveRecords} live records");
    }

    /// <summary>Keeps the file open for a reader even if the segment is dropped meanwhile.</summary>
    public void Acquire() => _references++;

    /// <summary>Ends what <see cref="Acquire"/> began, or the log's own hold.</summary>
    /// <returns>Whether the caller must dispose of the file, outside the lock.</returns>
    public bool Release()
    {
        _references--;
        Invariant.Check(_references >= 0, $"segment {Number} has {_references} references");
        return _references == 0;
    }
}
