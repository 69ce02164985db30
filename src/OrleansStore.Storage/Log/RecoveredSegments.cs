namespace OrleansStore.Storage.Log;

/// <summary>The log as recovery left it: all of it durable, ready for the next batch.</summary>
/// <param name="Segments">The segments that are needed, oldest first; the last one is open for writing.</param>
/// <param name="Buckets">All buckets with their state.</param>
/// <param name="NextSequence">The sequence number of the next batch.</param>
/// <param name="FirstSegment">The oldest segment that recovery needs.</param>
/// <param name="TornTail">What was cut; null if nothing was.</param>
internal sealed record RecoveredSegments(
    List<SegmentFile> Segments, Dictionary<BucketId, BucketLog> Buckets, ulong NextSequence, ulong FirstSegment, TornTail? TornTail);
