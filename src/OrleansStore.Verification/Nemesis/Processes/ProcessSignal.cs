using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>Signals to processes that this tool started.</summary>
internal static class ProcessSignal
{
    // Linux and macOS number these two differently.
    private static readonly int StopNumber = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int ContinueNumber = OperatingSystem.IsMacOS() ? 19 : 18;

    /// <summary>Whether this system has signals.</summary>
    public static bool IsSupported => !OperatingSystem.IsWindows();

    /// <summary>Makes a process stand still.</summary>
    public static void Stop(Process process) => Send(process, StopNumber);

    /// <summary>Lets it go on.</summary>
    public static void Continue(Process process) => Send(process, ContinueNumber);

    private static void Send(Process process, int signal)
    {
        if (SendSignal(process.Id, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    // int kill(pid_t pid, int sig): signal.h.
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
