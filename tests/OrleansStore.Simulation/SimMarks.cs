using System.Buffers.Binary;
using System.Text;

namespace OrleansStore.Simulation;

/// <summary>What requests and values are recognised by.</summary>
internal static class SimMarks
{
    public static ulong Of(RequestId id) => id.Form == RequestIdForm.None ? 0 : Hash(Encoding.ASCII.GetBytes(id.ToString()));

    /// <summary>Every value that a client puts begins with a number of its own.</summary>
    public static ulong Of(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt64LittleEndian(value);

    /// <summary>A value that begins with a number, of a length that differs much from one to the next, so that logs, snapshots and blocks end everywhere.</summary>
    public static byte[] ToValue(ulong number)
    {
        var bytes = new byte[8 + (int)(number * 37 % 300)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    // FNV-1a.
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in bytes)
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return hash;
    }
}
