using OrleansStore.Storage.Checksums;

namespace OrleansStore.Datacenters.Links;

/// <summary>The judged header of a frame whose payload may still be on its way.</summary>
/// <param name="Type">A type that this release knows.</param>
/// <param name="PayloadBytes">Within the bounds of the type.</param>
/// <param name="Seed">The checksum of the header's own fields.</param>
/// <param name="Checksum">What <paramref name="Seed"/> continued over the payload must give.</param>
internal readonly record struct FrameHeader(FrameType Type, int PayloadBytes, uint Seed, uint Checksum)
{
    public int FrameBytes => FrameFormat.HeaderBytes + PayloadBytes;

    /// <exception cref="CorruptionException">The payload or the header was changed on its way.</exception>
    public void Verify(ReadOnlySpan<byte> payload)
    {
        var actual = Crc32C.Append(Seed, payload);
        if (actual != Checksum)
        {
            throw new CorruptionException($"a frame of type {(byte)Type} and {PayloadBytes} bytes has checksum {Checksum:x8}, but its bytes give {actual:x8}");
        }
    }
}
