using System.Runtime.InteropServices;
using OrleansStore.Consensus;
using OrleansStore.Diagnostics;

namespace OrleansStore.Storage.Log;

/// <content>Rolling over, sealing, copying forward and dropping segments.</content>
internal sealed partial class WriteAheadLog
{
    // The segment that is being emptied, and the buckets that needed it when that began. Used by the loop only.
    private readonly Queue<BucketLog> _toCopy = [];
    private SegmentFile? _cleaning;

    /// <summary>Goes on in a new segment. Its header vouches for the end of the one before, whose batches are all durable.</summary>
    private async ValueTask RollAsync()
    {
        // What was zeroed ahead is not needed any more. Whether the cut survives a crash does not matter.
        await _active.File.SetLengthAsync(_active.End);
        var segment = await CreateWhenThereIsRoomAsync();
        lock (_gate)
        {
            _segments.Add(segment);
        }

        _active = segment;
        _zeroedTo = segment.End;
        _publishedFirstSegment = _firstSegment;
        _isSealed = true;
    }

    /// <summary>Writes an empty batch where one is due: to close the window in which damage to the last batch looks like a torn tail, or to publish what may be deleted.</summary>
    private async ValueTask<bool> SealAsync()
    {
        var hasDropped = _dropped.Count > 0;
        if (!hasDropped && (_isSealed || !_isSealDue))
        {
            return false;
        }

        _own.Clear();
        await WriteAsync(_own, BatchKind.Seal);
        return true;
    }

    private async ValueTask<bool> CloseSegmentAsync()
    {
        if (_active.End > SegmentHeader.SizeBytes)
        {
            await RollAsync();
        }

        return false;
    }

    /// <summary>Does one step towards giving space back.</summary>
    private async ValueTask<bool> CleanAsync()
    {
        if (_dropped.TryPeek(out var dropped) && dropped.Number < _publishedFirstSegment)
        {
            await DeleteAsync(_dropped.Dequeue());
            return true;
        }

        var oldest = _segments[0];
        if (oldest == _active)
        {
            return false;
        }

        if (oldest.LiveRecords == 0)
        {
            Drop(oldest);
            return true;
        }

        if (_cleaning != oldest)
        {
            if (!CleaningPolicy.ShouldClean(_environment.Options, LogBytes(), LiveBytes(), _segments.Count))
            {
                return false;
            }

            StartCleaning(oldest);
        }

        await CopyForwardAsync(oldest);
        return true;
    }

    private void Drop(SegmentFile oldest)
    {
        lock (_gate)
        {
            _segments.RemoveAt(0);
        }

        _firstSegment = oldest.Number + 1;
        _dropped.Enqueue(oldest);
    }

    /// <summary>Deletes a segment of which a durable batch says that recovery does not need it. If a crash undoes the deletion, recovery repeats it.</summary>
    private async ValueTask DeleteAsync(SegmentFile segment)
    {
        await _environment.Files.DeleteAsync(_factory.PathOf(segment.Number));
        bool isUnused;
        lock (_gate)
        {
            isUnused = segment.Release();
        }

        if (isUnused)
        {
            await segment.File.DisposeAsync();
        }
    }

    private void StartCleaning(SegmentFile oldest)
    {
        _cleaning = oldest;
        _toCopy.Clear();

        // Sorted, because the order of a dictionary must not decide what the log looks like.
        foreach (var bucket in _buckets.Values.Where(bucket => bucket.Needs(oldest)).OrderBy(bucket => bucket.Bucket))
        {
            _toCopy.Enqueue(bucket);
        }
    }

    /// <summary>Copies up to a budget of live records out of the oldest segment, in a batch of their own.</summary>
    /// <remarks>
    /// Why the copies cannot bring back what was overwritten:
    /// 1. The index is as of the batch before, and only this loop changes it.
    /// 2. Appends that are queued meanwhile go into a later batch, so in replay they come after the copies.
    /// 3. Hence at their place in the log the copied records are exactly what the log held.
    /// </remarks>
    private async ValueTask CopyForwardAsync(SegmentFile oldest)
    {
        Invariant.Check(_toCopy.Count > 0, $"segment {oldest.Number} has {oldest.LiveRecords} live records that no bucket knows");
        _own.Clear();
        while (_own.PayloadBytes < _environment.Options.CopyBudgetBytes && _toCopy.TryPeek(out var bucket))
        {
            bucket.CopySmallState(oldest, _own);
            if (await CopyEntriesAsync(bucket, oldest))
            {
                _toCopy.Dequeue();
            }
        }

        if (_own.RecordCount > 0)
        {
            await WriteAsync(_own, BatchKind.Copies);
        }
    }

    /// <returns>Whether nothing of the bucket is left to copy.</returns>
    private async ValueTask<bool> CopyEntriesAsync(BucketLog bucket, SegmentFile oldest)
    {
        List<Entry> entries = [];
        long bytes = 0;
        for (var i = 0; i < bucket.Runs.Count; i++)
        {
            var run = bucket.Runs[i];
            if (run.Segment != oldest)
            {
                continue;
            }

            if (bytes > 0 && (entries[^1].Index.Next != run.First || bytes + run.RecordBytes > RecordFormat.MaxEntriesPayloadBytes))
            {
                Flush();
                if (_own.PayloadBytes >= _environment.Options.CopyBudgetBytes)
                {
                    return false;
                }
            }

            await RunReader.ReadAsync(run, entries);
            bytes += run.RecordBytes;
        }

        Flush();
        return true;

        void Flush()
        {
            if (entries.Count > 0)
            {
                _own.AddEntries(RecordKind.EntriesCopied, bucket.Bucket, CollectionsMarshal.AsSpan(entries));
                entries.Clear();
                bytes = 0;
            }
        }
    }

    private async ValueTask CloseFilesAsync()
    {
        List<SegmentFile> unused = [];
        lock (_gate)
        {
            foreach (var segment in _segments.Concat(_dropped))
            {
                if (segment.Release())
                {
                    unused.Add(segment);
                }
            }
        }

        foreach (var segment in unused)
        {
            await segment.File.DisposeAsync();
        }
    }
}
