namespace OrleansStore.Architecture.Tests;

/// <summary>The repository that these tests were built from.</summary>
internal static class Repository
{
    private const string Solution = "OrleansStore.sln";

    private static readonly string[] GeneratedFolders = ["bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts", ".git"];
    private static readonly string[] ReadExtensions = [".cs", ".csproj", ".sln", ".props", ".targets"];

    /// <summary>The folder that holds the solution, above the one the tests run in.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All files but generated ones.</summary>
    public static IReadOnlyList<RepositoryFile> Files { get; } = [.. Read(new DirectoryInfo(Root))];

    /// <summary>The names at the top level, folders with a slash at the end.</summary>
    public static IReadOnlyList<string> TopLevel { get; } =
        [.. new DirectoryInfo(Root).EnumerateFileSystemInfos().Select(entry => entry is DirectoryInfo ? entry.Name + "/" : entry.Name)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Solution)))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No {Solution} above {AppContext.BaseDirectory}.");
    }

    private static IEnumerable<RepositoryFile> Read(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo child)
            {
                // Working files of a store that was started here are no part of the repository.
                var isSkipped = GeneratedFolders.Contains(child.Name) || (folder.FullName == Root && TopLevelRule.Ignored.Contains(child.Name + "/"));
                foreach (var file in isSkipped ? [] : Read(child))
                {
                    yield return file;
                }
            }
            else
            {
                var path = Path.GetRelativePath(Root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
                yield return new RepositoryFile(path, ReadExtensions.Contains(entry.Extension) ? File.ReadAllText(entry.FullName) : string.Empty);
            }
        }
    }
}
