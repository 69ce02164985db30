using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Commands;

/// <summary>128 bits that stand for the content of a request, to tell a retry from another request under the same id.</summary>
/// <remarks>Two XXH64 with different seeds. Who constructs a collision makes two requests of his own share an answer, and nothing else.</remarks>
internal readonly record struct Fingerprint(UInt128 Value)
{
    public const int Bytes = 16;

    private const ulong HighSeed = 0x4F72_6C65_616E_7331;
    private const ulong LowSeed = 0x4F72_6C65_616E_7332;

    public static Fingerprint Of(ReadOnlySpan<byte> content) =>
        new(new UInt128(XxHash64.Compute(content, HighSeed), XxHash64.Compute(content, LowSeed)));
}
