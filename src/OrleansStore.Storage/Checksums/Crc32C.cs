using System.Buffers.Binary;
using System.Numerics;

namespace OrleansStore.Storage.Checksums;

/// <summary>CRC-32C (Castagnoli, as in RFC 3720): polynomial 0x1EDC6F41, reflected, initial value and final inversion of all ones.</summary>
public static class Crc32C
{
    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what gave <paramref name="checksum"/> followed by <paramref name="data"/>.</summary>
    /// <param name="checksum">0, or a checksum of what precedes. A checksum of something else serves as a seed that ties the data to it.</param>
    /// <param name="data">The bytes to add.</param>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data)
    {
        var state = ~checksum;
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return ~state;
    }
}
