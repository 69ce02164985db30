using System.Buffers.Binary;

namespace OrleansStore.Storage.Databases;

/// <summary>Names the claim of one run of one silo. Never used again once it is gone.</summary>
internal readonly record struct ClaimId(Guid Value)
{
    /// <summary>Draws one; the source must not repeat in any process.</summary>
    public static ClaimId Draw(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, random.NextUInt64());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], random.NextUInt64());
        return new ClaimId(new Guid(bytes));
    }
}
