using System.Runtime.InteropServices;

namespace OrleansStore.Storage.Files;

/// <summary>fsync of a directory, the one thing storage needs that .NET does not offer: it refuses to open a directory as a file.</summary>
/// <remarks>
/// <para>The only P/Invoke of the project: <c>open(path, O_RDONLY)</c>, <c>fsync</c>, <c>close</c> of the C library, on Linux and macOS.
/// O_RDONLY is 0 on both; <c>open</c> takes a third, variadic argument only with O_CREAT, so the fixed form is right for every ABI.</para>
/// <para>On Windows this does nothing: NTFS journals names itself and has no such call, so a rename there is durable some seconds after it
/// returns, not at once. Production on Windows is out of scope for that reason.</para>
/// </remarks>
internal static class DirectorySync
{
    private const int ReadOnly = 0;

    // EACCES; the same number on Linux and macOS.
    private const int AccessDenied = 13;

    public static void Sync(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory.Length == 0 ? "." : directory, ReadOnly);
        if (descriptor < 0)
        {
            throw Marshal.GetLastPInvokeError() == AccessDenied
                ? new UnauthorizedAccessException($"open of directory {directory} failed: {Marshal.GetLastPInvokeErrorMessage()}")
                : Failure("open", directory);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failure("fsync", directory);
            }
        }
        finally
        {
            // Nothing was written through this descriptor, so a failed close loses nothing.
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string directory) =>
        new($"{call} of directory {directory} failed: {Marshal.GetLastPInvokeErrorMessage()}");

    // The classic attribute rather than the source generator: the generated form needs unsafe code in the whole project.
#pragma warning disable SYSLIB1054
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
