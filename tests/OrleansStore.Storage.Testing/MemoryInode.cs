namespace OrleansStore.Storage.Testing;

/// <summary>The content of a file, apart from its names.</summary>
internal sealed class MemoryInode : MemoryNode
{
    private const int SectorBytes = 512;

    private readonly List<Change> _unsynced = [];
    private ByteBuffer _durable = new();

    public ByteBuffer Current { get; private set; } = new();

    public void Write(int offset, ReadOnlySpan<byte> data)
    {
        Current.Write(offset, data);
        _unsynced.Add(new Change(offset, data.ToArray()));
    }

    public void SetLength(int length)
    {
        Current.SetLength(length);
        _unsynced.Add(new Change(length, Data: null));
    }

    public void Sync() => Persist(CrashLoss.Nothing, random: null);

    /// <summary>The sync fails: some of the changes reach the disk, and all are marked clean, so that later syncs succeed and do nothing (as on Linux).</summary>
    public void FailSync(Prng random) => Persist(CrashLoss.Random, random);

    public override void Crash(CrashLoss loss, Prng random)
    {
        Persist(loss, random);
        Current = ByteBuffer.Of(_durable.Span);
    }

    public override MemoryNode Clone() => new MemoryInode { Current = ByteBuffer.Of(Current.Span), _durable = ByteBuffer.Of(Current.Span) };

    public void FlipBit(long bit)
    {
        Current.Span[(int)(bit / 8)] ^= (byte)(1 << (int)(bit % 8));
        _durable = ByteBuffer.Of(Current.Span);
    }

    public void Overwrite(int offset, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Current.Span[offset..]);
        _durable = ByteBuffer.Of(Current.Span);
    }

    private void Persist(CrashLoss loss, Prng? random)
    {
        foreach (var change in _unsynced)
        {
            if (change.Data is { } data)
            {
                PersistSectors(change.Offset, data, loss, random);
            }
            else if (IsKept(loss, random))
            {
                _durable.SetLength(change.Offset);
            }
        }

        _unsynced.Clear();
    }

    private void PersistSectors(int offset, byte[] data, CrashLoss loss, Prng? random)
    {
        for (var done = 0; done < data.Length;)
        {
            var count = Math.Min(data.Length - done, SectorBytes - ((offset + done) % SectorBytes));
            if (IsKept(loss, random))
            {
                _durable.Write(offset + done, data.AsSpan(done, count));
            }

            done += count;
        }
    }

    private static bool IsKept(CrashLoss loss, Prng? random) => loss == CrashLoss.Nothing || (loss == CrashLoss.Random && random!.Chance(50));

    /// <param name="Offset">Where the data were written, or the new length.</param>
    /// <param name="Data">What was written; null for a new length.</param>
    private readonly record struct Change(int Offset, byte[]? Data);
}
