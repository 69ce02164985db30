using System.Xml.Linq;

namespace OrleansStore.Architecture.Tests;

/// <summary>A project and the projects it references, as its file says, conditions aside.</summary>
/// <param name="Name">The file's name without the extension.</param>
/// <param name="Path">Relative to the root of the repository.</param>
/// <param name="References">Names of the projects it references itself.</param>
/// <param name="PrivateReferences">Those of them that it does not pass on to projects that reference it.</param>
/// <param name="TakesTransitive">Whether it also sees what the projects it references pass on.</param>
/// <param name="RootNamespace">The namespace of its own folder.</param>
internal sealed record ProjectNode(
    string Name,
    string Path,
    IReadOnlyList<string> References,
    IReadOnlyList<string> PrivateReferences,
    bool TakesTransitive,
    string RootNamespace)
{
    /// <summary>The name of its assembly, without the extension.</summary>
    public string AssemblyName { get; init; } = Name;

    public static ProjectNode Parse(RepositoryFile file)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(file.Name);
        var document = XDocument.Parse(file.Text);
        var references = document.Descendants("ProjectReference").Where(reference => Value(reference, "ReferenceOutputAssembly") != "false").ToList();
        return new ProjectNode(
            name,
            file.Path,
            [.. references.Select(NameOf)],
            [.. references.Where(reference => Value(reference, "PrivateAssets") is { } assets && assets.Split(';').Intersect(["all", "compile"]).Any()).Select(NameOf)],
            document.Descendants("DisableTransitiveProjectReferences").All(element => element.Value.Trim() != "true"),
            document.Descendants("RootNamespace").Select(element => element.Value.Trim()).FirstOrDefault() ?? name)
        {
            AssemblyName = document.Descendants("AssemblyName").Select(element => element.Value.Trim()).FirstOrDefault() ?? name,
        };
    }

    /// <summary>Parses every project of <paramref name="files"/>.</summary>
    public static IReadOnlyList<ProjectNode> ParseAll(IEnumerable<RepositoryFile> files) =>
        [.. files.Where(file => file.Name.EndsWith(".csproj", StringComparison.Ordinal)).Select(Parse)];

    /// <summary>Every project this one can use, each with the way it comes in.</summary>
    public IReadOnlyDictionary<string, string> Reachable(IReadOnlyDictionary<string, ProjectNode> projects)
    {
        var ways = References.Distinct().ToDictionary(reference => reference, reference => $"{Name} -> {reference}");
        var queue = new Queue<string>(TakesTransitive ? ways.Keys : []);
        while (queue.TryDequeue(out var current))
        {
            foreach (var next in projects.TryGetValue(current, out var node) ? node.References.Except(node.PrivateReferences) : [])
            {
                if (ways.TryAdd(next, $"{ways[current]} -> {next}"))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return ways;
    }

    private static string NameOf(XElement reference) =>
        System.IO.Path.GetFileNameWithoutExtension((reference.Attribute("Include")?.Value ?? string.Empty).Replace('\\', '/'));

    // Metadata may be an attribute or an element; MSBuild takes either.
    private static string? Value(XElement element, string name) => (element.Attribute(name)?.Value ?? element.Element(name)?.Value)?.Trim();
}
