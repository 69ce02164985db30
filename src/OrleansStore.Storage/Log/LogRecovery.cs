using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <summary>Reads the log after a start, repairs its end, and makes what it read durable again.</summary>
/// <remarks>
/// <code>
///   newest segment ── walk ──► where sound batches end, oldest segment needed
///        │                          │
///        │ torn tail? damage?       ├─ older segments: delete (a crash came before their deletion)
///        ▼                          ▼
///   oldest needed … newest: walk again and replay; each must end exactly where the next header says
///        ▼
///   cut the tail, write the last batch once more, fsync, fsync the directory
/// </code>
/// </remarks>
internal sealed class LogRecovery(IFileSystem files, string directory, SegmentFactory factory)
{
    private readonly List<SegmentFile> _segments = [];
    private readonly Dictionary<BucketId, BucketLog> _buckets = [];

    /// <summary>Recovers the log. The caller owns the segments' files.</summary>
    /// <exception cref="CorruptionException">A file is damaged or missing; names file and offset.</exception>
    /// <exception cref="StoreException">A file belongs to another store or has a newer format.</exception>
    public async ValueTask<RecoveredSegments> RunAsync()
    {
        try
        {
            var numbers = await ListAsync();
            var newest = await factory.OpenAsync(numbers[^1]);
            _segments.Add(newest);
            var reader = await ReadAsync(newest);
            var end = await SegmentScan.WalkAsync(reader, newest.Header, static (in _, _) => { });
            var isTorn = await TailInspector.HasTornTailAsync(reader, newest.Header, end);

            await OpenOlderAsync(numbers, end.FirstSegment);
            await ReplayAsync();
            RequireWholeLogs();
            await RepairAsync(newest, end, isTorn);
            var tail = isTorn ? new TornTail(newest.File.Path, end.Position, reader.Length - end.Position) : null;
            return new RecoveredSegments(_segments, _buckets, end.NextSequence, end.FirstSegment, tail);
        }
        catch
        {
            foreach (var segment in _segments)
            {
                await segment.File.DisposeAsync();
            }

            throw;
        }
    }

    private static async ValueTask<SegmentReader> ReadAsync(SegmentFile segment) => new(segment.File, await segment.File.GetLengthAsync());

    private async ValueTask<List<ulong>> ListAsync()
    {
        List<ulong> numbers = [];
        foreach (var name in await files.ListAsync(directory))
        {
            if (name.EndsWith(SegmentFactory.TemporarySuffix, StringComparison.Ordinal))
            {
                await files.DeleteAsync(FilePath.Join(directory, name));
            }
            else if (SegmentFile.TryParseName(name, out var number))
            {
                numbers.Add(number);
            }
        }

        if (numbers.Count == 0)
        {
            throw new CorruptionException(directory, 0, "at least one segment of the log", "none");
        }

        numbers.Sort();
        return numbers;
    }

    private async ValueTask OpenOlderAsync(List<ulong> numbers, ulong firstSegment)
    {
        var newest = numbers[^1];
        foreach (var number in numbers.Where(number => number < firstSegment))
        {
            // Its deletion was under way; that nothing in it is needed was durable before. Deleting it once more is harmless.
            await files.DeleteAsync(factory.PathOf(number));
        }

        for (var number = firstSegment; number < newest; number++)
        {
            if (!numbers.Contains(number))
            {
                throw new CorruptionException(factory.PathOf(number), 0, $"a segment, as the log needs all from {firstSegment} to {newest}", "no such file");
            }

            _segments.Insert(_segments.Count - 1, await factory.OpenAsync(number));
        }
    }

    private async ValueTask ReplayAsync()
    {
        for (var i = 0; i < _segments.Count; i++)
        {
            var segment = _segments[i];
            var reader = await ReadAsync(segment);
            var end = await SegmentScan.WalkAsync(reader, segment.Header, (in header, payload) => Replay(segment, header, payload));
            segment.End = end.Position;
            if (i < _segments.Count - 1)
            {
                await RequireCompleteAsync(reader, end, _segments[i + 1].Header);
            }
        }
    }

    private void Replay(SegmentFile segment, in BatchHeader header, ReadOnlySpan<byte> payload)
    {
        for (var offset = 0; offset < payload.Length;)
        {
            // The scan has just verified every checksum of this payload.
            RecordView.TryRead(payload[offset..], verify: false, out var record);
            if (!_buckets.TryGetValue(record.Bucket, out var bucket))
            {
                bucket = new BucketLog(record.Bucket);
                _buckets.Add(record.Bucket, bucket);
            }

            bucket.Apply(record, segment, header.Position + BatchHeader.SizeBytes + offset, isReplay: true);
            offset += record.TotalBytes;
        }
    }

    private static async ValueTask RequireCompleteAsync(SegmentReader reader, ScanEnd end, SegmentHeader next)
    {
        // The next segment's header was written after the last batch of this one was durable.
        if (end.Position != next.PreviousEnd || end.NextSequence != next.FirstSequence)
        {
            throw new CorruptionException(
                reader.File.Path,
                end.Position,
                $"sound batches up to offset {next.PreviousEnd} and before batch {next.FirstSequence}",
                $"the first batch that is not sound, batch {end.NextSequence}");
        }

        if (await TailInspector.CountSetBitsAsync(reader, end.Position) > 0)
        {
            throw new CorruptionException(reader.File.Path, end.Position, "empty space after the last batch", "set bits");
        }
    }

    private void RequireWholeLogs()
    {
        foreach (var bucket in _buckets.Values.OrderBy(bucket => bucket.Bucket).ToArray())
        {
            if (bucket.FirstGap() is var gap && gap != LogIndex.None)
            {
                throw new CorruptionException(directory, 0, $"entry {gap} of bucket {bucket.Bucket}, whose log goes on after it", "no such entry");
            }

            if (bucket.IsEmpty)
            {
                _buckets.Remove(bucket.Bucket);
            }
        }
    }

    private async ValueTask RepairAsync(SegmentFile newest, ScanEnd end, bool isTorn)
    {
        if (isTorn)
        {
            await newest.File.SetLengthAsync(end.Position);
        }

        // After a failed fsync the page cache holds bytes that are marked clean but are not on disk, and the next fsync "succeeds". Only the last
        // batch can be such: all before it was durable when it was written. Writing its bytes once more makes them dirty again.
        var batch = new byte[end.Position - end.LastBatch];
        if (await newest.File.ReadAsync(end.LastBatch, batch) != batch.Length)
        {
            throw new CorruptionException(newest.File.Path, end.LastBatch, $"{batch.Length} bytes that were just read", "a shorter file");
        }

        if (batch.Length > 0)
        {
            await newest.File.WriteAsync(end.LastBatch, batch);
        }

        await newest.File.SyncAsync();
        await files.SyncDirectoryAsync(directory);
    }
}
