using System.Collections.Immutable;

namespace OrleansStore.Service.Routing.Scans;

/// <summary>Selects the records of a page from the pages of many buckets: the first ones in key order that fit. Not thread-safe.</summary>
/// <remarks>
/// It holds no more than one page and, for each bucket with more to read, where to read on. Work is handed out as (bucket, start): first each bucket from the
/// beginning, then the buckets whose next key may still be in the page.
/// </remarks>
internal sealed class ScanSelection
{
    private readonly ScanRequest _request;
    private readonly ImmutableArray<BucketId> _buckets;
    private readonly int _bucketLimit;
    private readonly Queue<(BucketId Bucket, ReadOnlyMemory<byte> Start)> _further = new();

    // The largest key first: what no longer fits is taken off the end.
    private readonly PriorityQueue<(BucketId Bucket, StoreRecord Record), StoreKey> _selected = new(Comparer<StoreKey>.Create((left, right) => right.CompareTo(left)));
    private int _begun;
    private long _bytes;

    /// <summary>Begins a selection.</summary>
    /// <param name="request">The page that is wanted.</param>
    /// <param name="buckets">Where it may be.</param>
    public ScanSelection(ScanRequest request, ImmutableArray<BucketId> buckets)
    {
        _request = request;
        _buckets = buckets;

        // Twice a bucket's even share, so that most buckets are read once.
        const int least = 16;
        _bucketLimit = Math.Min(request.Limit, Math.Max(least, 2 * request.Limit / buckets.Length));
    }

    /// <summary>The smallest key that is known not to be in the page; null while the page has room for all that is known.</summary>
    // Invariant: falls only, and every selected key is below it.
    public ReadOnlyMemory<byte>? Bound { get; private set; }

    /// <summary>Whether records are only selected here and their values must be fetched.</summary>
    public bool NeedsValues => _request.IncludeValues;

    /// <summary>Hands out the next piece of work. Whoever takes one passes its page to <see cref="Add"/> and then asks again.</summary>
    /// <param name="bucket">The bucket to ask.</param>
    /// <param name="page">What to ask: records without values.</param>
    public bool TryTakeWork(out BucketId bucket, out ScanRequest page)
    {
        if (_begun < _buckets.Length)
        {
            bucket = _buckets[_begun++];
            page = PageFrom(_request.Start);
            return true;
        }

        while (_further.TryDequeue(out var work))
        {
            if (IsInPage(work.Start.Span))
            {
                bucket = work.Bucket;
                page = PageFrom(work.Start);
                return true;
            }
        }

        bucket = default;
        page = null!;
        return false;
    }

    /// <summary>Takes the page of a bucket in.</summary>
    public void Add(BucketId bucket, ScanPage page)
    {
        foreach (var record in page.Records)
        {
            if (!IsInPage(record.Key.Bytes.Span))
            {
                return;
            }

            Select(bucket, record);
        }

        if (page.Next is { } next && IsInPage(next.Span))
        {
            _further.Enqueue((bucket, next));
        }
    }

    /// <summary>The selected records in key order, each with its bucket. Ends the selection.</summary>
    public (BucketId Bucket, StoreRecord Record)[] Take()
    {
        var records = new (BucketId Bucket, StoreRecord Record)[_selected.Count];
        for (var i = records.Length - 1; i >= 0; i--)
        {
            records[i] = _selected.Dequeue();
        }

        return records;
    }

    /// <summary>What a record counts for against the bytes of a page.</summary>
    public static long SizeOf(StoreRecord record, bool includeValue) =>
        record.Key.Bytes.Length + record.ContentType.Length + (includeValue ? record.ValueBytes : 0);

    private bool IsInPage(ReadOnlySpan<byte> key) => Bound is not { } bound || key.SequenceCompareTo(bound.Span) < 0;

    private ScanRequest PageFrom(ReadOnlyMemory<byte> start) => new(
        _request.Namespace, _request.Prefix, start, Bound ?? _request.End, _bucketLimit, ScanRequest.MaxPageBytes, includeValues: false, _request.Consistency);

    private void Select(BucketId bucket, StoreRecord record)
    {
        _selected.Enqueue((bucket, record), record.Key);
        _bytes += SizeOf(record, _request.IncludeValues);

        // The page is the longest beginning of all records that fits, and its first record in any case. What is taken off here is not in it: the
        // records before are too many or too large already, and there may be more of them.
        while (_selected.Count > _request.Limit || (_bytes > _request.MaxBytes && _selected.Count > 1))
        {
            var (_, last) = _selected.Dequeue();
            _bytes -= SizeOf(last, _request.IncludeValues);
            Bound = last.Key.Bytes;
        }
    }
}
