namespace OrleansStore.Storage.Log;

/// <summary>Walks over the batches of one segment.</summary>
internal static class SegmentScan
{
    /// <summary>Called for each sound batch, in order.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its records, whose checksums hold; valid during the call.</param>
    public delegate void BatchVisitor(in BatchHeader header, ReadOnlySpan<byte> payload);

    /// <summary>Visits batches until one is not sound; says nothing about why it is not.</summary>
    /// <exception cref="CorruptionException">A sound batch holds what cannot have been written: a wrong sequence number, or records that do not add up.</exception>
    public static async ValueTask<ScanEnd> WalkAsync(SegmentReader reader, SegmentHeader segment, BatchVisitor visit)
    {
        var end = new ScanEnd(SegmentHeader.SizeBytes, SegmentHeader.SizeBytes, segment.FirstSequence, segment.FirstSegment);
        while (true)
        {
            var head = await reader.ReadAsync(end.Position, BatchHeader.SizeBytes);
            if (!BatchHeader.TryRead(head.Span, segment.Checksum, segment.Number, end.Position, out var header))
            {
                return end;
            }

            var body = await reader.ReadAsync(end.Position + BatchHeader.SizeBytes, header.PayloadBytes + BatchHeader.TrailerBytes);
            if (!header.Fits(body.Span))
            {
                return end;
            }

            Check(reader.File.Path, header, body.Span[..header.PayloadBytes], end);
            visit(header, body.Span[..header.PayloadBytes]);
            end = new ScanEnd(end.Position + header.TotalBytes, end.Position, end.NextSequence + 1, Math.Max(end.FirstSegment, header.FirstSegment));
        }
    }

    /// <summary>Whether every record of a payload is sound.</summary>
    /// <param name="payload">The records.</param>
    /// <param name="records">How many are sound.</param>
    /// <param name="offset">Where the first that is not starts.</param>
    public static bool HasSoundRecords(ReadOnlySpan<byte> payload, out int records, out int offset)
    {
        (records, offset) = (0, 0);
        while (offset < payload.Length)
        {
            if (!RecordView.TryRead(payload[offset..], verify: true, out var record))
            {
                return false;
            }

            records++;
            offset += record.TotalBytes;
        }

        return true;
    }

    private static void Check(string file, in BatchHeader header, ReadOnlySpan<byte> payload, in ScanEnd end)
    {
        if (header.Sequence != end.NextSequence)
        {
            throw new CorruptionException(file, header.Position, $"batch {end.NextSequence}", $"batch {header.Sequence}");
        }

        if (header.Kind is < BatchKind.Appends or > BatchKind.Copies)
        {
            throw new CorruptionException(file, header.Position, "a batch of a known kind", $"kind {(uint)header.Kind}");
        }

        if (!HasSoundRecords(payload, out var records, out var offset))
        {
            throw new CorruptionException(file, header.Position + BatchHeader.SizeBytes + offset, "a sound record", "one whose checksum or shape does not fit");
        }

        if (records != header.RecordCount)
        {
            throw new CorruptionException(file, header.Position, $"{header.RecordCount} records", $"{records}");
        }
    }
}
