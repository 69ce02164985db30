using System.Buffers.Binary;
using System.Numerics;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Log;

/// <summary>Decides what the bytes after the last sound batch of the newest segment are: nothing, a torn tail, or damage.</summary>
/// <remarks>
/// <para>A torn tail is what a crash leaves of the one batch that was in flight and never acknowledged; it may be cut. Damage is anything that
/// was durable once; it must never be cut. Evidence of damage, in the order in which it is looked for:</para>
/// <para>1. A later sound batch whose known-durable offset lies past the bad place. The idle seal sees to it that soon every batch has one.</para>
/// <para>2. One bit that, when flipped back, makes the whole batch sound, records included. A crash does not do that: it loses whole
/// sectors, and an area past the end was zeros before. The one exception, a sector in which the flipped bit would be the only one set, could
/// be a sector that was never written, and counts as torn. The trailer's bytes keep the last sector of a batch from being one.</para>
/// <para>3. A single set bit in what would otherwise be empty space.</para>
/// <para>What remains open: several damaged bits in the very last batch, before the seal that follows it within
/// <see cref="StorageOptions.IdleSealDelay"/>, look like a torn tail. Closing that too would take a second fsync per batch, in another file,
/// because one file's fsync cannot vouch for itself; it would double the latency of every commit.</para>
/// </remarks>
internal static class TailInspector
{
    private const int SectorBytes = 512;
    private const int ChunkBytes = 64 << 10;

    /// <summary>Inspects the bytes from a position to the end of the file.</summary>
    /// <returns>Whether there is a torn tail to cut; false where there are only zeros.</returns>
    /// <exception cref="CorruptionException">The bytes are damage.</exception>
    public static async ValueTask<bool> HasTornTailAsync(SegmentReader reader, SegmentHeader segment, ScanEnd end)
    {
        if (await CountSetBitsAsync(reader, end.Position) == 0)
        {
            return false;
        }

        var file = reader.File.Path;
        if (await FindLaterBatchAsync(reader, segment, end.Position) is { } later)
        {
            throw new CorruptionException(
                file, end.Position, $"batch {end.NextSequence}, durable before batch {later.Sequence} at {later.Position} was written", "no sound batch");
        }

        if (await FindFlippedBitAsync(reader, segment, end) is { } offset)
        {
            throw new CorruptionException(file, offset, $"a byte of batch {end.NextSequence} as it was written", "one with a flipped bit");
        }

        return true;
    }

    /// <summary>How many bits are set between a position and the end of the file.</summary>
    public static async ValueTask<long> CountSetBitsAsync(SegmentReader reader, long position)
    {
        var bits = 0L;
        while (position < reader.Length)
        {
            var chunk = await reader.ReadAsync(position, ChunkBytes);
            bits += CountSetBits(chunk.Span);
            position += chunk.Length;
        }

        return bits;
    }

    private static long CountSetBits(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
        {
            return 0;
        }

        var bits = 0L;
        foreach (var value in bytes)
        {
            bits += BitOperations.PopCount(value);
        }

        return bits;
    }

    private static async ValueTask<BatchHeader?> FindLaterBatchAsync(SegmentReader reader, SegmentHeader segment, long bad)
    {
        for (var position = bad + 1; position < reader.Length;)
        {
            var chunk = await reader.ReadAsync(position, ChunkBytes);
            if (FindBatch(chunk.Span, segment, position, bad) is { } found)
            {
                var body = await reader.ReadAsync(found.Position + BatchHeader.SizeBytes, found.PayloadBytes + BatchHeader.TrailerBytes);
                if (found.Fits(body.Span))
                {
                    return found;
                }

                // A header alone is no proof: it may be the torn batch's own content. Look on behind it.
                position = found.Position + 1;
                continue;
            }

            if (chunk.Length < BatchHeader.SizeBytes)
            {
                return null;
            }

            position += chunk.Length - BatchHeader.SizeBytes + 1;
        }

        return null;
    }

    private static BatchHeader? FindBatch(ReadOnlySpan<byte> chunk, SegmentHeader segment, long start, long bad)
    {
        for (var offset = 0; offset + BatchHeader.SizeBytes <= chunk.Length; offset++)
        {
            var next = chunk[offset..].IndexOf(BatchHeader.Magic);
            if (next < 0)
            {
                return null;
            }

            offset += next;
            if (BatchHeader.TryRead(chunk[offset..], segment.Checksum, segment.Number, start + offset, out var header) && header.KnownDurable > bad)
            {
                return header;
            }
        }

        return null;
    }

    private static async ValueTask<long?> FindFlippedBitAsync(SegmentReader reader, SegmentHeader segment, ScanEnd end)
    {
        var head = (await reader.ReadAsync(end.Position, BatchHeader.SizeBytes)).ToArray();
        if (head.Length < BatchHeader.SizeBytes)
        {
            return null;
        }

        var headerBit = RepairHeader(head, segment.Checksum);
        if (!BatchHeader.TryRead(head, segment.Checksum, segment.Number, end.Position, out var header) || header.Sequence != end.NextSequence)
        {
            return null;
        }

        var body = (await reader.ReadAsync(end.Position + BatchHeader.SizeBytes, header.PayloadBytes + BatchHeader.TrailerBytes)).ToArray();
        if (headerBit >= 0)
        {
            return IsSound(header, body) ? end.Position + (headerBit / 8) : null;
        }

        var bit = body.Length == header.PayloadBytes + BatchHeader.TrailerBytes
            ? SingleBitError.Locate(header.PayloadChecksum, BatchHeader.PayloadChecksumOf(body), body.Length)
            : SingleBitError.None;
        if (bit < 0)
        {
            return null;
        }

        body[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        var offset = end.Position + BatchHeader.SizeBytes + (bit / 8);
        return IsSound(header, body) && !CouldBeUnwritten(body, end.Position + BatchHeader.SizeBytes, bit) ? offset : null;
    }

    /// <summary>Flips one bit of a header so that magic and checksum fit.</summary>
    /// <returns>The bit's number; negative where no bit or none in the header does it, or nothing has to be done.</returns>
    private static long RepairHeader(byte[] head, uint seed)
    {
        var magicBits = 0;
        var magicBit = 0L;
        for (var i = 0; i < BatchHeader.Magic.Length; i++)
        {
            var difference = (byte)(head[i] ^ BatchHeader.Magic[i]);
            magicBits += BitOperations.PopCount(difference);
            magicBit = difference == 0 ? magicBit : (i * 8) + BitOperations.TrailingZeroCount(difference);
        }

        if (magicBits > 1)
        {
            return SingleBitError.None;
        }

        var expected = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4));
        var actual = BatchHeader.ChecksumOf(head, seed);
        if (magicBits == 1)
        {
            Flip(magicBit);
            return magicBit;
        }

        if (expected == actual)
        {
            return SingleBitError.None;
        }

        var bit = SingleBitError.Locate(expected, actual, BatchHeader.SizeBytes - 8);
        bit = bit switch
        {
            SingleBitError.InChecksum => 32 + BitOperations.TrailingZeroCount(expected ^ actual),
            SingleBitError.None => SingleBitError.None,
            _ => bit + 64,
        };
        if (bit >= 0)
        {
            Flip(bit);
        }

        return bit;

        void Flip(long number) => head[number / 8] ^= (byte)(1 << (int)(number % 8));
    }

    private static bool IsSound(in BatchHeader header, ReadOnlySpan<byte> body) =>
        header.Fits(body) && SegmentScan.HasSoundRecords(body[..header.PayloadBytes], out var records, out _) && records == header.RecordCount;

    /// <summary>Whether the sector that holds an offset would hold that one set bit and nothing else: then it may never have been written.</summary>
    /// <param name="body">Payload and trailer, with the bit flipped back.</param>
    /// <param name="bodyStart">Where they start in the file. A sector that begins before also holds the header, which was written.</param>
    /// <param name="bit">The bit's number in <paramref name="body"/>.</param>
    private static bool CouldBeUnwritten(ReadOnlySpan<byte> body, long bodyStart, long bit)
    {
        var sector = (bodyStart + (bit / 8)) / SectorBytes * SectorBytes;
        if (sector < bodyStart || (body[(int)(bit / 8)] & (1 << (int)(bit % 8))) == 0)
        {
            return false;
        }

        var from = (int)(sector - bodyStart);
        return CountSetBits(body[from..Math.Min(from + SectorBytes, body.Length)]) == 1;
    }
}
