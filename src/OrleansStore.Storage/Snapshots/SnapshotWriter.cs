using System.Buffers.Binary;
using OrleansStore.Storage.Checksums;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Writes a snapshot into a staged file and hands it to the store to be switched to.</summary>
internal sealed class SnapshotWriter : ISnapshotWriter
{
    private readonly ISnapshotStaging _store;
    private readonly IFile _file;
    private readonly SnapshotHeader _header;
    private readonly byte[] _headerBytes;
    private readonly uint _seed;
    private readonly byte[] _block = new byte[SnapshotBlocks.HeadBytes + SnapshotBlocks.MaxContentBytes];
    private int _contentBytes;
    private long _position;
    private uint _fileChecksum;
    private long _blocks;
    private long _totalContentBytes;
    private bool _isFinished;

    public SnapshotWriter(ISnapshotStaging store, IFile file, SnapshotHeader header)
    {
        _store = store;
        _file = file;
        _header = header;
        _headerBytes = header.Encode();
        _seed = BinaryPrimitives.ReadUInt32LittleEndian(_headerBytes.AsSpan(_headerBytes.Length - sizeof(uint)));
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        cancellationToken.ThrowIfCancellationRequested();
        while (!data.IsEmpty)
        {
            var count = Math.Min(data.Length, SnapshotBlocks.MaxContentBytes - _contentBytes);
            data[..count].CopyTo(_block.AsMemory(SnapshotBlocks.HeadBytes + _contentBytes));
            _contentBytes += count;
            data = data[count..];
            if (_contentBytes == SnapshotBlocks.MaxContentBytes)
            {
                await FlushBlockAsync();
            }
        }
    }

    public async ValueTask<SnapshotDescriptor> CommitAsync()
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        if (_contentBytes > 0)
        {
            await FlushBlockAsync();
        }

        await EnsureHeaderAsync();
        var footer = new byte[SnapshotBlocks.FooterBytes];
        SnapshotBlocks.WriteFooter(footer, _seed, _blocks, _totalContentBytes, _fileChecksum);
        await PutAsync(footer);
        _isFinished = true;
        return await _store.SwitchAsync(_file, new SnapshotDescriptor(_header.Bucket, _header.Revision, _header.Metadata, _position));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isFinished)
        {
            _isFinished = true;
            await _store.DiscardAsync(_file);
        }
    }

    private async ValueTask FlushBlockAsync()
    {
        await EnsureHeaderAsync();
        SnapshotBlocks.WriteHead(_block, _seed, _blocks, _contentBytes);
        await PutAsync(_block.AsMemory(0, SnapshotBlocks.HeadBytes + _contentBytes));
        _blocks++;
        _totalContentBytes += _contentBytes;
        _contentBytes = 0;
    }

    private ValueTask EnsureHeaderAsync() => _position == 0 ? PutAsync(_headerBytes) : ValueTask.CompletedTask;

    private async ValueTask PutAsync(ReadOnlyMemory<byte> bytes)
    {
        await _store.WriteAsync(_file, _position, bytes);
        _position += bytes.Length;
        _fileChecksum = Crc32C.Append(_fileChecksum, bytes.Span);
    }
}
