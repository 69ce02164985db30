using System.Collections.Immutable;
using OrleansStore.Placement;
using OrleansStore.Placement.Hashing;
using OrleansStore.Service.Routing.Calls;

namespace OrleansStore.Service.Routing.Scans;

/// <summary>Reads one page over all buckets: first the keys of each, to see which records make the page, then the values of these.</summary>
/// <param name="map">Where keys are.</param>
/// <param name="request">The page that is wanted.</param>
/// <param name="parallelism">How many buckets are asked at a time.</param>
/// <param name="clock">The request's time.</param>
/// <param name="readAsync">Reads a page of one bucket.</param>
internal sealed class ScanRun(
    PlacementMap map, ScanRequest request, int parallelism, RequestClock clock, Func<BucketId, ScanRequest, ValueTask<ScanPage>> readAsync)
{
    private readonly Lock _lock = new();

    // The first page that was not served: the scan fails with it.
    private ScanPage? _failure;

    private delegate bool TakeWork(out BucketId bucket, out ScanRequest page);

    /// <summary>Reads the page.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<ScanReply> RunAsync()
    {
        if (IsEmptyRange(request))
        {
            return new ScanReply(ReadStatus.Found, [], null);
        }

        var buckets = BucketsOf(map, request);
        if (buckets.Length == 1)
        {
            var page = await readAsync(buckets[0], request);
            return new ScanReply(page.Status, page.Records, page.Next) { RetryAfter = page.RetryAfter };
        }

        var selection = new ScanSelection(request, buckets);
        if (!await TryReadAsync(selection.TryTakeWork, selection.Add))
        {
            return Failed();
        }

        var selected = selection.Take();
        if (!selection.NeedsValues)
        {
            return new ScanReply(ReadStatus.Found, [.. selected.Select(each => each.Record)], selection.Bound);
        }

        var filling = new ScanFilling(request, selected, selection.Bound);
        return await TryReadAsync(filling.TryTakeWork, (_, page) => filling.Add(page)) ? filling.Take() : Failed();
    }

    /// <summary>Whether no key can be in the range.</summary>
    internal static bool IsEmptyRange(ScanRequest request)
    {
        var start = request.Start.Span.SequenceCompareTo(request.Prefix.Span) > 0 ? request.Start.Span : request.Prefix.Span;
        return !request.End.IsEmpty && request.End.Span.SequenceCompareTo(start) <= 0;
    }

    /// <summary>The buckets where records of the range may be.</summary>
    internal static ImmutableArray<BucketId> BucketsOf(PlacementMap map, ScanRequest request)
    {
        // A prefix with a whole partition key in it: every key that begins with it has the same first '{' and the same next '}', so the same
        // partition key. The converse fails: where the prefix has no whole one, what follows it decides.
        var prefix = request.Prefix.Span;
        if (PartitionKey.Of(prefix).Length < prefix.Length)
        {
            return [map.BucketOf(request.Namespace, prefix)];
        }

        var all = ImmutableArray.CreateBuilder<BucketId>(map.Topology.BucketCount.Value);
        for (uint number = 0; number < map.Topology.BucketCount.Value; number++)
        {
            all.Add(new BucketId(number));
        }

        return all.MoveToImmutable();
    }

    private ScanReply Failed() => new(_failure!.Status, [], null) { RetryAfter = _failure.RetryAfter };

    private async ValueTask<bool> TryReadAsync(TakeWork take, Action<BucketId, ScanPage> add)
    {
        var workers = new Task[parallelism];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = WorkAsync(take, add);
        }

        await Task.WhenAll(workers);
        return _failure is null;
    }

    private async Task WorkAsync(TakeWork take, Action<BucketId, ScanPage> add)
    {
        while (TryTake(take, out var bucket, out var request))
        {
            var page = await readAsync(bucket, request);
            lock (_lock)
            {
                if (page.Status == ReadStatus.Found)
                {
                    add(bucket, page);
                    continue;
                }

                _failure ??= page;
            }

            // The others need not go on. Outside the lock: what waits for the end runs at once.
            clock.End();
        }
    }

    private bool TryTake(TakeWork take, out BucketId bucket, out ScanRequest page)
    {
        lock (_lock)
        {
            if (_failure is null)
            {
                return take(out bucket, out page);
            }
        }

        bucket = default;
        page = null!;
        return false;
    }
}
