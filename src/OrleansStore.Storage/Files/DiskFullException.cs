namespace OrleansStore.Storage.Files;

/// <summary>A write, or the creation of a file, found no room on the volume. Part of it may be there. It may be repeated once there is room, unlike a sync that failed (invariant 8).</summary>
public sealed class DiskFullException : IOException
{
    // What the operating systems say, as .NET passes it on: ENOSPC everywhere but on Windows, EDQUOT of Linux and of the BSDs, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int BsdQuota = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <param name="message">What there is no room for.</param>
    /// <param name="innerException">What the operating system said; null where there is none.</param>
    public DiskFullException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the operating system's reason is that there is no room.</summary>
    internal static bool IsReasonOf(IOException failure) => OperatingSystem.IsWindows()
        ? failure.HResult is WindowsDiskFull or WindowsHandleDiskFull
        : failure.HResult == NoSpace || failure.HResult == (OperatingSystem.IsLinux() ? LinuxQuota : BsdQuota);
}
