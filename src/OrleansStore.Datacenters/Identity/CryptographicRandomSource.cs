using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansStore.Datacenters.Identity;

/// <summary>The operating system's random source: what production draws store ids and incarnations from, which must not repeat in any process. Safe for
/// concurrent use.</summary>
public sealed class CryptographicRandomSource : IRandomSource
{
    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
