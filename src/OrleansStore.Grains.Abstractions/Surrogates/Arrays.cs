using System.Runtime.InteropServices;

namespace OrleansStore.Grains.Abstractions.Surrogates;

/// <summary>Memory as an array, which is what messages hold.</summary>
internal static class Arrays
{
    /// <summary>The bytes as an array: the one behind the memory where that is all of it, so that a value of a megabyte is not copied for nothing. Nobody writes to it.</summary>
    public static byte[] AsArray(this ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length ? segment.Array : memory.ToArray();
}
