using OrleansStore.Consensus;

namespace OrleansStore.Storage.Log;

/// <content>Reading durable state from other threads than the loop's.</content>
internal sealed partial class WriteAheadLog
{
    public IReadOnlyList<BucketSummary> ListBuckets()
    {
        List<BucketSummary> buckets;
        lock (_gate)
        {
            buckets = new List<BucketSummary>(_buckets.Count);
            foreach (var bucket in _buckets.Values)
            {
                buckets.Add(bucket.Summary);
            }
        }

        buckets.Sort(static (left, right) => left.Bucket.CompareTo(right.Bucket));
        return buckets;
    }

    /// <summary>All that is durable of a bucket, without its snapshot.</summary>
    public async ValueTask<LogState> LoadAsync(BucketId bucket, CancellationToken cancellationToken)
    {
        BucketSummary summary;
        Run[] runs;
        lock (_gate)
        {
            if (!_buckets.TryGetValue(bucket, out var log))
            {
                return new LogState(HardState.Empty, default, [], DueTime.None, Snapshot: null);
            }

            summary = log.Summary;
            runs = AcquireRuns(log, LogIndex.None, new LogIndex(ulong.MaxValue), long.MaxValue);
        }

        var entries = await ReadAsync(runs, cancellationToken);
        return new LogState(summary.HardState, summary.CompactedTo, entries, summary.DueTime, Snapshot: null);
    }

    /// <summary>Durable entries of a bucket; see <see cref="IReplicaLog.ReadEntriesAsync"/>.</summary>
    public async ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(
        BucketId bucket, LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken)
    {
        Run[] runs;
        lock (_gate)
        {
            if (!_buckets.TryGetValue(bucket, out var log) || first <= log.CompactedTo.Index || first >= end)
            {
                return [];
            }

            runs = AcquireRuns(log, first, end, maxBytes);
        }

        var entries = await ReadAsync(runs, cancellationToken);
        entries.RemoveAll(entry => entry.Index < first || entry.Index >= end);
        var bytes = 0L;
        var count = 0;
        while (count < entries.Count && (count == 0 || bytes + entries[count].SizeBytes <= maxBytes))
        {
            bytes += entries[count++].SizeBytes;
        }

        entries.RemoveRange(count, entries.Count - count);
        return entries;
    }

    /// <summary>The runs with indexes in [first, end), up to a size, each segment kept open. The caller holds the lock.</summary>
    private static Run[] AcquireRuns(BucketLog log, LogIndex first, LogIndex end, long maxBytes)
    {
        List<Run> runs = [];
        var bytes = 0L;
        for (var i = log.Runs.FirstEndingAtOrAfter(first); i < log.Runs.Count && log.Runs[i].First < end && bytes <= maxBytes; i++)
        {
            var run = log.Runs[i];
            run.Segment.Acquire();
            runs.Add(run);

            // The first run may hold little from the wanted index on, so it does not count.
            bytes += runs.Count > 1 ? run.RecordBytes : 0;
        }

        return [.. runs];
    }

    private async ValueTask<List<Entry>> ReadAsync(Run[] runs, CancellationToken cancellationToken)
    {
        List<Entry> entries = [];
        try
        {
            foreach (var run in runs)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RunReader.ReadAsync(run, entries);
            }

            return entries;
        }
        catch (IOException exception)
        {
            throw new StoreException(ErrorCode.StorageFailed, $"Reading the log failed: {exception.Message}", isTransient: false, exception);
        }
        finally
        {
            await ReleaseAsync(runs);
        }
    }

    private async ValueTask ReleaseAsync(Run[] runs)
    {
        foreach (var run in runs)
        {
            bool isUnused;
            lock (_gate)
            {
                isUnused = run.Segment.Release();
            }

            if (isUnused)
            {
                await run.Segment.File.DisposeAsync();
            }
        }
    }
}
