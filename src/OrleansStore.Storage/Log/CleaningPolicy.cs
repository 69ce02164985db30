namespace OrleansStore.Storage.Log;

/// <summary>Decides when the oldest segment's live records are copied forward. Pure: the log tells the sizes and does the work.</summary>
/// <remarks>
/// <para>A segment with nothing live goes at once and costs nothing; most go that way. Copying begins only when the log exceeds the larger of a
/// fixed size and a multiple f of its live bytes. Segments are emptied oldest first, so a full turn over the log copies at most the live bytes L and
/// frees at least (f - 1) L: copying costs at most 1 / (f - 1) of what is appended, and an idle bucket pins nothing beyond that limit.</para>
/// <para>Small segments (each clean close leaves one) are bounded by their number: two neighbours together exceed the segment size unless one was closed early.</para>
/// </remarks>
internal static class CleaningPolicy
{
    public static bool ShouldClean(StorageOptions options, long logBytes, long liveBytes, int segments)
    {
        var limit = Math.Max(options.MinRetainedBytes, options.MaxRetainedFactor * liveBytes);
        return logBytes > limit || segments > (2 * (limit / options.SegmentBytes)) + 2;
    }
}
