using System.Buffers.Binary;

namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>The values that the workload writes: each is written once, names its writer by a number, and every byte of it is checked when it is read.</summary>
internal static class WorkValue
{
    /// <summary>The length of every value.</summary>
    public const int Bytes = 128;

    /// <summary>What stands for a value that no client wrote.</summary>
    public const int Foreign = -1;

    /// <summary>The value of a number.</summary>
    public static byte[] Encode(int number)
    {
        var value = new byte[Bytes];
        Fill(value, number);
        return value;
    }

    /// <summary>The number of a value; <see cref="Foreign"/> where a byte of it is another one than was written.</summary>
    public static int Decode(ReadOnlySpan<byte> value)
    {
        if (value.Length != Bytes)
        {
            return Foreign;
        }

        var number = BinaryPrimitives.ReadInt32LittleEndian(value);
        Span<byte> expected = stackalloc byte[Bytes];
        Fill(expected, number);
        return number > 0 && value.SequenceEqual(expected) ? number : Foreign;
    }

    private static void Fill(Span<byte> value, int number)
    {
        var rest = new SplitMix64((ulong)number);
        for (var at = 0; at < value.Length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(value[at..], rest.NextUInt64());
        }

        BinaryPrimitives.WriteInt32LittleEndian(value, number);
    }
}
