namespace OrleansStore.Http.Scans;

/// <summary>The keys that a scan asks for: those that begin with the prefix and lie in <c>[start, end)</c>. Empty means no bound.</summary>
internal readonly record struct ScanRange(byte[] Prefix, byte[] Start, byte[] End)
{
    /// <summary>Whether a scan of the range can be at this position. A position need not be a key with a record, and may follow the last one of the prefix.</summary>
    public bool Contains(ReadOnlySpan<byte> position) =>
        position.SequenceCompareTo(Prefix) >= 0 &&
        position.SequenceCompareTo(Start) >= 0 &&
        (End.Length == 0 || position.SequenceCompareTo(End) < 0);
}
