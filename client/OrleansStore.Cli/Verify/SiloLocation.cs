namespace OrleansStore.Cli.Verify;

/// <summary>Finds the store's program, for a cluster of this tool's own.</summary>
internal static class SiloLocation
{
    private const string FileName = "OrleansStore.Silo.dll";
    private const string SolutionName = "OrleansStore.sln";

    /// <summary>The program to start: the one given, one beside this tool, or the newest that was built in the source tree that this tool lies in.</summary>
    /// <param name="given">A path; null to look for it.</param>
    /// <param name="toolFolder">Where this tool lies.</param>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Find(string? given, string toolFolder)
    {
        if (given is not null)
        {
            return File.Exists(given) ? Path.GetFullPath(given) : throw new UsageException($"--silo is '{given}'; there is no such file.");
        }

        var beside = Path.Combine(toolFolder, FileName);
        return File.Exists(beside) ? beside : FindBuilt(toolFolder) ?? throw new UsageException(
            $"The store's program is neither beside this tool nor built in a source tree around it: name it with --silo PATH ({FileName} or the executable), build it with `dotnet build silo`, "
            + "or name a running cluster with --endpoints.");
    }

    private static string? FindBuilt(string toolFolder)
    {
        for (var folder = new DirectoryInfo(toolFolder); folder is not null; folder = folder.Parent)
        {
            var built = new DirectoryInfo(Path.Combine(folder.FullName, "silo", "bin"));
            if (File.Exists(Path.Combine(folder.FullName, SolutionName)) && built.Exists)
            {
                return built.EnumerateFiles(FileName, SearchOption.AllDirectories).MaxBy(file => file.LastWriteTimeUtc)?.FullName;
            }
        }

        return null;
    }
}
