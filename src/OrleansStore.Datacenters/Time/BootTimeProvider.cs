using System.Runtime.InteropServices;

namespace OrleansStore.Datacenters.Time;

/// <summary>The system's clocks, with a monotonic one that also counts the time the machine is suspended, where the operating system offers it.</summary>
/// <remarks>A lease must not outlive a suspended laptop or virtual machine: CLOCK_MONOTONIC, which <see cref="TimeProvider.System"/> reads on Linux, stands still meanwhile;
/// CLOCK_BOOTTIME does not. On Windows and macOS the runtime's clock already counts suspension.</remarks>
public sealed class BootTimeProvider : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly bool _hasBootTime = OperatingSystem.IsLinux();

    /// <inheritdoc/>
    public override long TimestampFrequency => _hasBootTime ? NanosecondsPerSecond : base.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        if (!_hasBootTime)
        {
            return base.GetTimestamp();
        }

        if (GetTime(ClockBootTime, out var time) != 0)
        {
            throw new InvalidOperationException($"clock_gettime(CLOCK_BOOTTIME) failed with errno {Marshal.GetLastPInvokeError()}.");
        }

        return (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds;
    }

    // int clock_gettime(clockid_t clockid, struct timespec *tp): time.h of glibc and musl; both members are 64 bits wide on 64-bit Linux.
    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
