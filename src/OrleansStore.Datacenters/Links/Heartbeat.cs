using System.Buffers.Binary;

namespace OrleansStore.Datacenters.Links;

/// <summary>One heartbeat: the sender's clocks, and the echo of the last reading it received, which makes a round trip measurable without a reply of its
/// own.</summary>
/// <remarks>
/// Little-endian; times in units of 100 ns.
/// <code>
/// offset size
///      0    8  the sender's monotonic clock; means something to the sender only
///      8    8  the sender's wall clock since 1970-01-01T00:00:00Z
///     16    8  echo: the monotonic reading of the last heartbeat received from the addressee; -1: none in this session
///     24    8  hold: how long that heartbeat has waited at the sender; 0 without an echo
///     32    8  bytes received on the session's bulk connection
/// </code>
/// </remarks>
/// <param name="SentAt">The sender's monotonic clock.</param>
/// <param name="Wall">The sender's wall clock, in ticks since 1970.</param>
/// <param name="Echo">The addressee's reading that is echoed; null for none.</param>
/// <param name="Hold">How long the echoed heartbeat waited; not negative.</param>
/// <param name="BulkReceived">Bytes received on the bulk connection.</param>
internal readonly record struct Heartbeat(MonotonicTime SentAt, long Wall, MonotonicTime? Echo, TimeSpan Hold, long BulkReceived)
{
    public const int SizeBytes = 40;

    private const long NoEcho = -1;

    public void Encode(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, SentAt.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Wall);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Echo?.Ticks ?? NoEcho);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Hold.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], BulkReceived);
    }

    /// <exception cref="CorruptionException">A value is outside its range.</exception>
    public static Heartbeat Decode(ReadOnlySpan<byte> source)
    {
        var sentAt = BinaryPrimitives.ReadInt64LittleEndian(source);
        var wall = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        var echo = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        var hold = BinaryPrimitives.ReadInt64LittleEndian(source[24..]);
        var bulkReceived = BinaryPrimitives.ReadInt64LittleEndian(source[32..]);
        if (sentAt < 0 || wall < 0 || wall > DateTime.MaxValue.Ticks || echo < NoEcho || hold < 0 || (echo == NoEcho && hold != 0) || bulkReceived < 0)
        {
            throw new CorruptionException($"a heartbeat has values outside their ranges: {sentAt}, {wall}, {echo}, {hold}, {bulkReceived}");
        }

        return new Heartbeat(new MonotonicTime(sentAt), wall, echo == NoEcho ? null : new MonotonicTime(echo), new TimeSpan(hold), bulkReceived);
    }
}
