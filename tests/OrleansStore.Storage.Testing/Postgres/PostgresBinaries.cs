namespace OrleansStore.Storage.Testing.Postgres;

/// <summary>Where the programs of PostgreSQL are on this machine.</summary>
public static class PostgresBinaries
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The folder that holds <c>initdb</c> and <c>postgres</c>: of the path, or the newest that Debian's packages install; null where there is none.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    /// <summary>Why tests against a server cannot run here; null where they can.</summary>
    public static string? Absence => Folder is null ? $"PostgreSQL is not installed: no initdb in the PATH and none under {DebianFolder}. Debian's package postgresql has it." : null;

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var installed = Directory.Exists(DebianFolder)
            ? Directory.GetDirectories(DebianFolder).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return path.Concat(installed.Select(folder => Path.Combine(folder, "bin")));
    }
}
