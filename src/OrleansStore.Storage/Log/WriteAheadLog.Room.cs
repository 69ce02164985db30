using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <content>What happens where somebody else takes the last of the room before the reserve is noticed to be gone: the log waits, as on a slow disk, and goes on when there is room.</content>
/// <remarks>A write that found no room may be repeated, for nothing of its batch was synced, let alone reported. A sync that fails is never repeated, whatever its reason (invariant 8).</remarks>
internal sealed partial class WriteAheadLog
{
    private static readonly TimeSpan RoomCheckInterval = TimeSpan.FromMilliseconds(100);

    private async ValueTask WriteWhenThereIsRoomAsync(long position, ReadOnlyMemory<byte> bytes)
    {
        while (true)
        {
            try
            {
                await _active.File.WriteAsync(position, bytes);
                _impediment = null;
                return;
            }
            catch (DiskFullException reason)
            {
                await AwaitRoomAsync(reason);
            }
        }
    }

    private async ValueTask<SegmentFile> CreateWhenThereIsRoomAsync()
    {
        while (true)
        {
            try
            {
                var segment = await _factory.CreateAsync(_active.Number + 1, _nextSequence, _firstSegment, _active.End);
                _impediment = null;
                return segment;
            }
            catch (DiskFullException reason)
            {
                await AwaitRoomAsync(reason);
            }
        }
    }

    /// <summary>Waits a little.</summary>
    /// <exception cref="IOException">The log is to end.</exception>
    private async ValueTask AwaitRoomAsync(DiskFullException reason)
    {
        _impediment = $"The disk of {_environment.Directory} is full. Nothing can be made durable until there is room.";
        await Task.Delay(RoomCheckInterval, _environment.Time);
        await CheckSpaceAsync();
        lock (_gate)
        {
            if (_isStopping || _failure is not null)
            {
                throw new IOException("The log ended while it waited for room on the disk.", reason);
            }
        }
    }
}
