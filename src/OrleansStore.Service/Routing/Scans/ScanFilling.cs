using System.Collections.Immutable;

namespace OrleansStore.Service.Routing.Scans;

/// <summary>Fetches the values of a selection, bucket by bucket, and cuts the page to what was read. Not thread-safe.</summary>
/// <remarks>
/// <para>Each bucket's part is what that one read saw, from its first selected key to its last: records may have come, gone and grown since the selection. Where a bucket
/// did not get to its end, the page ends: everything below <see cref="_bound"/> was read by all buckets, so nothing is left out and nothing comes twice.</para>
/// <para>A page always gets further: the buckets are read in the order of their first selected keys, and each reads at least one record if there is one.</para>
/// </remarks>
internal sealed class ScanFilling
{
    private const int RecordSlack = 8;
    private const int ByteSlack = 1024;

    private readonly ScanRequest _request;
    private readonly List<Part> _parts = [];
    private readonly List<StoreRecord> _records = [];
    private int _begun;
    private long _bytes;

    // Invariant: falls only; what every bucket's reads cover.
    private ReadOnlyMemory<byte>? _bound;

    /// <summary>Begins to fill a page.</summary>
    /// <param name="request">The page that is wanted.</param>
    /// <param name="selected">The records to fetch, in key order.</param>
    /// <param name="bound">The smallest key that is known not to be in the page; null where all records were selected.</param>
    public ScanFilling(ScanRequest request, IReadOnlyList<(BucketId Bucket, StoreRecord Record)> selected, ReadOnlyMemory<byte>? bound)
    {
        _request = request;
        _bound = bound;
        var byBucket = new Dictionary<BucketId, Part>();
        foreach (var (bucket, record) in selected)
        {
            if (!byBucket.TryGetValue(bucket, out var part))
            {
                part = new Part(bucket, record.Key.Bytes);
                byBucket.Add(bucket, part);
                _parts.Add(part);
            }

            part.Add(record);
        }
    }

    /// <summary>Hands out the next bucket's part. Whoever takes one passes its page to <see cref="Add"/> and then asks again.</summary>
    public bool TryTakeWork(out BucketId bucket, out ScanRequest page)
    {
        if (_begun < _parts.Count)
        {
            var part = _parts[_begun++];
            if (IsInPage(part.First.Span) && _bytes <= 2L * _request.MaxBytes)
            {
                bucket = part.Bucket;
                page = PageOf(part);
                return true;
            }

            // This part is not read, nor are those that begin after it: so much has grown since the selection that the page is full.
            _begun = _parts.Count;
            Lower(part.First);
        }

        bucket = default;
        page = null!;
        return false;
    }

    /// <summary>Takes the page of a bucket in.</summary>
    public void Add(ScanPage page)
    {
        foreach (var record in page.Records)
        {
            _records.Add(record);
            _bytes += ScanSelection.SizeOf(record, includeValue: true);
        }

        if (page.Next is { } next)
        {
            Lower(next);
        }
    }

    /// <summary>The page. Ends the filling.</summary>
    public ScanReply Take()
    {
        _records.Sort((left, right) => left.Key.CompareTo(right.Key));
        var page = ImmutableArray.CreateBuilder<StoreRecord>(Math.Min(_records.Count, _request.Limit));
        long bytes = 0;
        foreach (var record in _records)
        {
            bytes += ScanSelection.SizeOf(record, includeValue: true);
            if (!IsInPage(record.Key.Bytes.Span))
            {
                break;
            }

            if (page.Count == _request.Limit || (bytes > _request.MaxBytes && page.Count > 0))
            {
                Lower(record.Key.Bytes);
                break;
            }

            page.Add(record);
        }

        return new ScanReply(ReadStatus.Found, page.DrainToImmutable(), _bound);
    }

    private bool IsInPage(ReadOnlySpan<byte> key) => _bound is not { } bound || key.SequenceCompareTo(bound.Span) < 0;

    private void Lower(ReadOnlyMemory<byte> bound) => _bound = IsInPage(bound.Span) ? bound : _bound;

    private ScanRequest PageOf(Part part)
    {
        // What lies between two selected keys of a bucket is in the page too, so that a little more than was selected is asked for.
        var bytes = Math.Clamp(part.Bytes + (part.Bytes / 8) + ByteSlack, 1, ScanRequest.MaxPageBytes);
        var limit = Math.Min(part.Count + RecordSlack, ScanRequest.MaxLimit);
        return new ScanRequest(_request.Namespace, default, part.First, part.End, limit, (int)bytes, includeValues: true, _request.Consistency);
    }

    private sealed class Part(BucketId bucket, ReadOnlyMemory<byte> first)
    {
        private ReadOnlyMemory<byte> _last;

        public BucketId Bucket => bucket;

        public ReadOnlyMemory<byte> First => first;

        public int Count { get; private set; }

        public long Bytes { get; private set; }

        /// <summary>The smallest key above the last one: that key and a zero byte.</summary>
        public ReadOnlyMemory<byte> End
        {
            get
            {
                var end = new byte[_last.Length + 1];
                _last.Span.CopyTo(end);
                return end;
            }
        }

        public void Add(StoreRecord record)
        {
            _last = record.Key.Bytes;
            Count++;
            Bytes += ScanSelection.SizeOf(record, includeValue: true);
        }
    }
}
