using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansStore.Architecture.Tests;

/// <summary>Rules on projects as wholes.</summary>
internal static partial class ProjectRules
{
    /// <summary>Every project under src and client says in a README what it is for, what always holds, and what it leaves out. Samples share one.</summary>
    public static IEnumerable<string> CheckReadmes(IReadOnlyList<RepositoryFile> files) => Projects(files)
        .Where(project => project.IsIn("src", "client") && !project.IsIn("client/samples") && !files.Any(file => file.Path == $"{project.Folder}/README.md"))
        .Select(project => $"{project.Folder} has no README.md");

    /// <summary>The solution holds every project, and nothing that is not there.</summary>
    public static IEnumerable<string> CheckSolution(IReadOnlyList<RepositoryFile> files)
    {
        var solution = files.Single(file => file.Path == "OrleansStore.sln").Text;
        var listed = ProjectPath().Matches(solution).Select(match => match.Groups[1].Value.Replace('\\', '/')).ToHashSet();
        var present = Projects(files).Where(file => file.IsIn("src", "tests", "client", "silo")).Select(file => file.Path).ToHashSet();
        return present.Except(listed).Select(path => $"{path} is not in OrleansStore.sln")
            .Concat(listed.Except(present).Select(path => $"OrleansStore.sln names {path}, which is not there"));
    }

    /// <summary>What a test project includes lies in the repository, so that a fresh clone builds and passes.</summary>
    public static IEnumerable<string> CheckTestProjectsStayInside(IReadOnlyList<RepositoryFile> files)
    {
        foreach (var project in Projects(files).Where(file => file.IsIn("tests")))
        {
            var paths = XDocument.Parse(project.Text).Descendants().Attributes()
                .Where(attribute => attribute.Name.LocalName is "Include" or "Project" or "Update" or "HintPath")
                .SelectMany(attribute => attribute.Value.Split(';'));
            foreach (var path in paths.Where(path => IsOutside(project.Folder, path)))
            {
                yield return $"{project.Path}: {path} lies outside of the repository";
            }
        }
    }

    private static bool IsOutside(string folder, string path)
    {
        // One root is as good as another to see whether a relative path climbs above it.
        var root = Path.GetFullPath("/repository");
        var full = Path.GetFullPath(Path.Combine(root, folder, path.Replace('\\', '/')));
        return !full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private static IEnumerable<RepositoryFile> Projects(IEnumerable<RepositoryFile> files) => files.Where(file => file.Name.EndsWith(".csproj", StringComparison.Ordinal));

    [GeneratedRegex("\"([^\"]+\\.csproj)\"")]
    private static partial Regex ProjectPath();
}
