using System.Buffers.Binary;
using OrleansStore.Storage.Checksums;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Reads a snapshot file from its start and verifies every byte on the way.</summary>
internal sealed class SnapshotScanner(IFile file, StoreId storeId, long length)
{
    private readonly byte[] _block = new byte[SnapshotBlocks.HeadBytes + SnapshotBlocks.MaxContentBytes];
    private uint _seed;
    private uint _fileChecksum;
    private long _blocks;
    private long _contentBytes;

    /// <summary>Where the sound part that was read so far ends.</summary>
    public long Position { get; private set; }

    /// <summary>Reads the header; called first.</summary>
    public async ValueTask<SnapshotHeader> ReadHeaderAsync()
    {
        var prefix = new byte[SnapshotHeader.PrefixBytes];
        var read = await file.ReadAsync(0, prefix);
        if (SnapshotHeader.LengthOf(prefix.AsSpan(0, read)) is not { } headerBytes || headerBytes > length)
        {
            throw new CorruptionException(file.Path, 0, "a snapshot header", $"other bytes, in a file of {length} bytes");
        }

        var bytes = new byte[headerBytes];
        await ReadExactlyAsync(bytes);
        var header = SnapshotHeader.Decode(file.Path, bytes, storeId);
        _seed = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(headerBytes - sizeof(uint)));
        Advance(bytes);
        return header;
    }

    /// <summary>Reads the next block.</summary>
    /// <returns>Its content, valid until the next call; empty once the footer was read, the file ends there and all checksums hold.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBlockAsync()
    {
        var head = _block.AsMemory(0, SnapshotBlocks.HeadBytes);
        await ReadExactlyAsync(head);
        var contentBytes = BinaryPrimitives.ReadInt32LittleEndian(head.Span);
        if (contentBytes == 0)
        {
            await ReadFooterAsync();
            return ReadOnlyMemory<byte>.Empty;
        }

        if (contentBytes is < 0 or > SnapshotBlocks.MaxContentBytes)
        {
            throw Damage($"a block of 1 to {SnapshotBlocks.MaxContentBytes} bytes", $"one of {contentBytes}");
        }

        var block = _block.AsMemory(0, SnapshotBlocks.HeadBytes + contentBytes);
        await ReadExactlyAsync(block);
        var content = block[SnapshotBlocks.HeadBytes..];
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(block.Span[4..]);
        var actual = SnapshotBlocks.ChecksumOf(_seed, _blocks, content.Span);
        if (expected != actual)
        {
            throw Damage($"block {_blocks} with CRC32C {expected:x8}", $"{actual:x8}");
        }

        Advance(block.Span);
        _blocks++;
        _contentBytes += contentBytes;
        return content;
    }

    /// <summary>Reads header and footer only: enough to know what the file is and that it is complete, not that its content is sound.</summary>
    public async ValueTask<SnapshotHeader> ReadEndsAsync()
    {
        var header = await ReadHeaderAsync();
        var footer = new byte[SnapshotBlocks.FooterBytes];
        Position = Math.Max(length - footer.Length, Position);
        await ReadExactlyAsync(footer);
        return SnapshotBlocks.IsFooter(footer, _seed) ? header : throw Damage("the footer of a snapshot", "other bytes");
    }

    private async ValueTask ReadFooterAsync()
    {
        var footer = new byte[SnapshotBlocks.FooterBytes];
        await ReadExactlyAsync(footer);
        if (!SnapshotBlocks.IsFooter(footer, _seed))
        {
            throw Damage("the footer of a snapshot", "other bytes");
        }

        var (blocks, contentBytes, fileChecksum) = SnapshotBlocks.ReadFooter(footer);
        if (blocks != _blocks || contentBytes != _contentBytes || fileChecksum != _fileChecksum)
        {
            throw Damage(
                $"{blocks} blocks, {contentBytes} bytes, CRC32C {fileChecksum:x8}", $"{_blocks} blocks, {_contentBytes} bytes, CRC32C {_fileChecksum:x8}");
        }

        Position += footer.Length;
        if (Position != length)
        {
            throw Damage("the end of the file", $"{length - Position} further bytes");
        }
    }

    private async ValueTask ReadExactlyAsync(Memory<byte> target)
    {
        var read = await file.ReadAsync(Position, target);
        if (read != target.Length)
        {
            throw Damage($"{target.Length} bytes", $"{read}, then the end of the file");
        }
    }

    private void Advance(ReadOnlySpan<byte> bytes)
    {
        _fileChecksum = Crc32C.Append(_fileChecksum, bytes);
        Position += bytes.Length;
    }

    private CorruptionException Damage(string expected, string actual) => new(file.Path, Position, expected, actual);
}
