using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Space;

/// <summary>Decides from measured room what may still be written (invariant 8). Pure: the driver measures.</summary>
/// <remarks>A state is entered below its threshold and left only an eighth above it, so that one deleted file does not make it flap.
/// Not safe for concurrent use.</remarks>
/// <param name="reservePercent">The part of the volume kept free, in percent.</param>
/// <param name="minReserveBytes">The least bytes kept free.</param>
public sealed class DiskSpaceMonitor(int reservePercent, long minReserveBytes)
{
    private const int CriticalDivisor = 4;
    private const int HysteresisDivisor = 8;

    /// <summary>The state as of the last update; <see cref="DiskSpaceState.Ample"/> before the first.</summary>
    public DiskSpaceState State { get; private set; } = DiskSpaceState.Ample;

    /// <summary>The reserve on a volume of this size, in bytes.</summary>
    public long ReserveBytes(long totalBytes) => Math.Max(minReserveBytes, (long)((Int128)totalBytes * reservePercent / 100));

    /// <summary>Takes a measurement.</summary>
    /// <returns>The new state.</returns>
    public DiskSpaceState Update(DiskSpace space)
    {
        var reserve = ReserveBytes(space.TotalBytes);
        var critical = reserve / CriticalDivisor;
        if (IsBelow(critical, State == DiskSpaceState.Critical))
        {
            State = DiskSpaceState.Critical;
        }
        else
        {
            State = IsBelow(reserve, State != DiskSpaceState.Ample) ? DiskSpaceState.Low : DiskSpaceState.Ample;
        }

        return State;

        bool IsBelow(long threshold, bool inside) => space.AvailableBytes < (inside ? threshold + (threshold / HysteresisDivisor) : threshold);
    }
}
