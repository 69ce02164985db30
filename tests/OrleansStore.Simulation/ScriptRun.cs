using System.Diagnostics;

namespace OrleansStore.Simulation;

/// <summary>A run of a script of <c>infra</c>, with a stand-in for what takes long.</summary>
/// <param name="Exit">Its exit code.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it complained of.</param>
/// <param name="Ran">The lines that the stand-in left in the file that <c>RAN</c> names.</param>
internal sealed record ScriptRun(int Exit, string Output, string Errors, string[] Ran)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its name in <c>infra</c>.</param>
    /// <param name="variable">Where it takes the stand-in from.</param>
    /// <param name="command">The stand-in, for bash.</param>
    /// <param name="arguments">Of the script.</param>
    public static async Task<ScriptRun> OfAsync(string script, string variable, string command, string[] arguments)
    {
        var ran = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("bash", [Path.Combine(SourceTree.Root, "infra", script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
            (start.Environment[variable], start.Environment["RAN"]) = (command, ran);
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience);
            return new ScriptRun(process.ExitCode, await output, await errors, await File.ReadAllLinesAsync(ran));
        }
        finally
        {
            File.Delete(ran);
        }
    }
}
