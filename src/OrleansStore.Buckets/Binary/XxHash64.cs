using System.Buffers.Binary;
using System.Numerics;

namespace OrleansStore.Buckets.Binary;

/// <summary>The published 64-bit hash XXH64, for a stream of bytes in pieces of any size.</summary>
/// <remarks>It finds accidents, not attacks: equal hashes of states or requests mean equal content unless somebody searched for a collision.</remarks>
internal struct XxHash64
{
    private const ulong Prime1 = 11400714785074694791;
    private const ulong Prime2 = 14029467366897019727;
    private const ulong Prime3 = 1609587929392839161;
    private const ulong Prime4 = 9650029242287828579;
    private const ulong Prime5 = 2870177450012600261;
    private const int StripeBytes = 32;

    private readonly ulong _seed;
    private ulong _lane1;
    private ulong _lane2;
    private ulong _lane3;
    private ulong _lane4;
    private ulong _total;
    private Stripe _pending;

    public XxHash64(ulong seed)
    {
        _seed = seed;
        unchecked
        {
            _lane1 = seed + Prime1 + Prime2;
            _lane2 = seed + Prime2;
            _lane3 = seed;
            _lane4 = seed - Prime1;
        }
    }

    public static ulong Compute(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = new XxHash64(seed);
        hash.Append(bytes);
        return hash.Current;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var held = (int)(_total % StripeBytes);
        _total += (ulong)bytes.Length;
        Span<byte> pending = _pending;
        if (held > 0)
        {
            var missing = Math.Min(StripeBytes - held, bytes.Length);
            bytes[..missing].CopyTo(pending[held..]);
            bytes = bytes[missing..];
            if (held + missing < StripeBytes)
            {
                return;
            }

            Mix(pending);
        }

        while (bytes.Length >= StripeBytes)
        {
            Mix(bytes);
            bytes = bytes[StripeBytes..];
        }

        bytes.CopyTo(pending);
    }

    /// <summary>The hash of all that was appended so far; more can be appended afterwards.</summary>
    public readonly ulong Current
    {
        get
        {
            unchecked
            {
                var hash = _total < StripeBytes ? _seed + Prime5 : MergeLanes();
                hash += _total;
                ReadOnlySpan<byte> rest = _pending;
                rest = rest[..(int)(_total % StripeBytes)];
                for (; rest.Length >= 8; rest = rest[8..])
                {
                    hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
                    hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
                }

                if (rest.Length >= 4)
                {
                    hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
                    hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
                    rest = rest[4..];
                }

                foreach (var b in rest)
                {
                    hash ^= b * Prime5;
                    hash = BitOperations.RotateLeft(hash, 11) * Prime1;
                }

                hash = (hash ^ (hash >> 33)) * Prime2;
                hash = (hash ^ (hash >> 29)) * Prime3;
                return hash ^ (hash >> 32);
            }
        }
    }

    private static ulong Round(ulong lane, ulong input) => unchecked(BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1);

    private readonly ulong MergeLanes()
    {
        unchecked
        {
            var hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7) +
                BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);
            hash = ((hash ^ Round(0, _lane1)) * Prime1) + Prime4;
            hash = ((hash ^ Round(0, _lane2)) * Prime1) + Prime4;
            hash = ((hash ^ Round(0, _lane3)) * Prime1) + Prime4;
            return ((hash ^ Round(0, _lane4)) * Prime1) + Prime4;
        }
    }

    private void Mix(ReadOnlySpan<byte> stripe)
    {
        _lane1 = Round(_lane1, BinaryPrimitives.ReadUInt64LittleEndian(stripe));
        _lane2 = Round(_lane2, BinaryPrimitives.ReadUInt64LittleEndian(stripe[8..]));
        _lane3 = Round(_lane3, BinaryPrimitives.ReadUInt64LittleEndian(stripe[16..]));
        _lane4 = Round(_lane4, BinaryPrimitives.ReadUInt64LittleEndian(stripe[24..]));
    }

    [System.Runtime.CompilerServices.InlineArray(StripeBytes)]
    private struct Stripe
    {
        private byte _first;
    }
}
