using OrleansStore.Consensus;

namespace OrleansStore.Storage.Log;

/// <summary>Reads the live entries of a run and verifies them anew: bytes can rot between recovery and use.</summary>
internal static class RunReader
{
    /// <summary>Adds the run's live entries to a list. Their data share one buffer, which nobody else holds.</summary>
    /// <exception cref="CorruptionException">The record is damaged.</exception>
    public static async ValueTask ReadAsync(Run run, List<Entry> target)
    {
        var bytes = new byte[run.RecordBytes];
        var read = await run.Segment.File.ReadAsync(run.Offset, bytes);
        var before = target.Count;
        var isSound = RecordView.TryRead(bytes.AsSpan(0, read), verify: true, out var record) && record.TotalBytes == run.RecordBytes;
        if (!isSound || !RecordFormat.TryReadEntries(bytes.AsMemory(RecordFormat.HeaderBytes), run.First, run.Last, target))
        {
            throw Damage(run, "one whose checksum or shape does not fit");
        }

        if ((ulong)(target.Count - before) != run.Last.Value - run.First.Value + 1)
        {
            throw Damage(run, $"one with {target.Count - before} of them");
        }
    }

    private static CorruptionException Damage(Run run, string actual) =>
        new(run.Segment.File.Path, run.Offset, $"a record with entries {run.First} to {run.Last}", actual);
}
