using System.Buffers.Binary;
using System.Numerics;

namespace OrleansStore.Placement.Hashing;

/// <summary>SipHash-2-4 with 64 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). Allocates nothing.</summary>
/// <remarks>Chosen because it is specified byte for byte, has 64 published vectors that cover every tail length, diffuses every input bit into
/// the top output bits, which name the bucket, and is in every language's library, so that any client can compute a bucket. The keys used
/// here are public constants: the hash spreads keys, it does not resist a caller who wants to crowd one bucket.</remarks>
internal static class SipHash24
{
    private const int WordBytes = sizeof(ulong);

    /// <summary>Hashes <paramref name="message"/>.</summary>
    /// <param name="key0">Key bytes 0 to 7, little-endian.</param>
    /// <param name="key1">Key bytes 8 to 15, little-endian.</param>
    /// <param name="message">Any number of bytes.</param>
    public static ulong Hash(ulong key0, ulong key1, ReadOnlySpan<byte> message)
    {
        var state = new State(key0, key1);
        return Finish(ref state, message, message.Length);
    }

    /// <summary>Hashes the 8 bytes of <paramref name="firstWord"/>, little-endian, followed by <paramref name="rest"/>, without joining them in memory.</summary>
    public static ulong Hash(ulong key0, ulong key1, ulong firstWord, ReadOnlySpan<byte> rest)
    {
        var state = new State(key0, key1);
        state.Compress(firstWord);
        return Finish(ref state, rest, rest.Length + WordBytes);
    }

    private static ulong Finish(ref State state, ReadOnlySpan<byte> rest, int messageLength)
    {
        while (rest.Length >= WordBytes)
        {
            state.Compress(BinaryPrimitives.ReadUInt64LittleEndian(rest));
            rest = rest[WordBytes..];
        }

        // Section 2.2 of the paper: the last word ends in the message length modulo 256.
        var last = (ulong)(byte)messageLength << 56;
        for (var i = 0; i < rest.Length; i++)
        {
            last |= (ulong)rest[i] << (8 * i);
        }

        state.Compress(last);
        return state.Finalise();
    }

    private struct State(ulong key0, ulong key1)
    {
        private ulong _v0 = 0x736f6d6570736575UL ^ key0;
        private ulong _v1 = 0x646f72616e646f6dUL ^ key1;
        private ulong _v2 = 0x6c7967656e657261UL ^ key0;
        private ulong _v3 = 0x7465646279746573UL ^ key1;

        public void Compress(ulong word)
        {
            _v3 ^= word;
            Round();
            Round();
            _v0 ^= word;
        }

        public ulong Finalise()
        {
            _v2 ^= 0xff;
            Round();
            Round();
            Round();
            Round();
            return _v0 ^ _v1 ^ _v2 ^ _v3;
        }

        private void Round()
        {
            unchecked
            {
                _v0 += _v1;
                _v2 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 13) ^ _v0;
                _v3 = BitOperations.RotateLeft(_v3, 16) ^ _v2;
                _v0 = BitOperations.RotateLeft(_v0, 32);
                _v2 += _v1;
                _v0 += _v3;
                _v1 = BitOperations.RotateLeft(_v1, 17) ^ _v2;
                _v3 = BitOperations.RotateLeft(_v3, 21) ^ _v0;
                _v2 = BitOperations.RotateLeft(_v2, 32);
            }
        }
    }
}
