using System.ComponentModel;
using System.Diagnostics;

namespace OrleansStore.Simulation.Teeth;

/// <summary>A test that needs git and the tree of sources; skipped, with the reason, where one of them is absent.</summary>
internal sealed class GitTheoryAttribute : TheoryAttribute
{
    private static readonly string? Absence = SourceTree.Find() is null ? $"There is no OrleansStore.sln above {AppContext.BaseDirectory}." : FindAbsenceOfGit();

    public GitTheoryAttribute() => Skip = Absence!;

    private static string? FindAbsenceOfGit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["--version"]) { RedirectStandardOutput = true })!;
            git.WaitForExit();
            return git.ExitCode == 0 ? null : $"git --version ends with {git.ExitCode}.";
        }
        catch (Win32Exception reason)
        {
            return $"git cannot be run: {reason.Message}";
        }
    }
}
