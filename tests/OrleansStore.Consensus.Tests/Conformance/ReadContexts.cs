using System.Buffers.Binary;
using System.Text;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Read contexts are short texts in the vectors and numbers in the core.</summary>
internal static class ReadContexts
{
    public static ulong IdOf(string context)
    {
        Span<byte> bytes = stackalloc byte[8];
        Encoding.UTF8.GetBytes(context, bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
