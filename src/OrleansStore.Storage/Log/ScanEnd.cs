namespace OrleansStore.Storage.Log;

/// <summary>Where the sound batches of a segment end.</summary>
/// <param name="Position">The end of the last sound batch; the end of the segment header if there is none.</param>
/// <param name="LastBatch">Where the last sound batch starts; equal to <paramref name="Position"/> if there is none.</param>
/// <param name="NextSequence">The sequence number that the next batch has.</param>
/// <param name="FirstSegment">The oldest segment that recovery needs, as far as this segment tells.</param>
internal readonly record struct ScanEnd(long Position, long LastBatch, ulong NextSequence, ulong FirstSegment);
