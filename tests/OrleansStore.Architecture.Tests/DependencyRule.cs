namespace OrleansStore.Architecture.Tests;

/// <summary>A project uses only what stands below it. Tests and benchmarks may use anything.</summary>
internal static class DependencyRule
{
    private const string Prefix = "OrleansStore.";

    private static readonly string[] Cores = ["Abstractions", "Consensus", "Placement"];
    private static readonly string[] UpToService = [.. Cores, "Storage", "Buckets", "Service"];

    /// <summary>The dependency table: project -> what it may reference. Everything is under the prefix <c>OrleansStore.</c></summary>
    private static readonly Dictionary<string, string[]> Table = new()
    {
        ["Abstractions"] = [],
        ["Consensus"] = ["Abstractions"],
        ["Placement"] = ["Abstractions"],
        ["Storage"] = Cores,
        ["Buckets"] = Cores,
        ["Service"] = [.. Cores, "Storage", "Buckets"],
        ["Datacenters"] = UpToService,
        ["Embedded"] = [.. UpToService, "Datacenters"],
        ["Grains"] = [.. UpToService, "Datacenters", "Grains.Abstractions"],
        ["Http"] = UpToService,
        ["Grains.Abstractions"] = ["Abstractions"],
        ["Silo"] = [.. UpToService, "Datacenters", "Embedded", "Grains", "Grains.Abstractions", "Http", "Verification"],
        ["Client"] = ["Abstractions", "Grains.Abstractions"],
        ["Client.Orleans"] = ["Abstractions", "Client", "Grains.Abstractions"],

        // An application with a silo of its own: the engine comes with it.
        ["Samples.OrleansApp"] = ["Abstractions", "Client", "Client.Orleans", "Grains", "Grains.Abstractions"],
        ["Samples.QuickStart"] = ["Abstractions", "Client"],
        ["Samples.Counter"] = ["Abstractions", "Client"],
        ["Samples.Outbox"] = ["Abstractions", "Client"],
        ["Samples.Scan"] = ["Abstractions", "Client"],
        ["Verification"] = ["Abstractions", "Client"],
        ["Cli"] = ["Abstractions", "Client", "Verification", "Storage"],
    };

    /// <summary>Checks project files: what a project references itself must be in its row, and what MSBuild passes on to it in its row or in that of a project
    /// in its row.</summary>
    public static IEnumerable<string> CheckProjects(IReadOnlyList<ProjectNode> projects)
    {
        var byName = projects.ToDictionary(project => project.Name);
        foreach (var project in projects)
        {
            if (!TryGetRow(project.Name, out var row))
            {
                yield return $"{project.Path}: {project.Name} is not in the dependency table";
                continue;
            }

            var passedOn = row.Concat(row.SelectMany(name => Table[name])).ToHashSet();
            foreach (var (name, way) in project.Reachable(byName))
            {
                var isOwn = project.References.Contains(name);
                if (!(isOwn ? row.Contains(Short(name)) : passedOn.Contains(Short(name))))
                {
                    yield return $"{project.Path}: {way} is not allowed";
                }
            }
        }
    }

    /// <summary>Checks one assembly: what its code really uses must be in its row, however it came in.</summary>
    public static IEnumerable<string> CheckAssembly(string name, IEnumerable<string> references)
    {
        if (!TryGetRow(name, out var row))
        {
            return [$"{name} is not in the dependency table"];
        }

        return references
            .Where(reference => reference.StartsWith(Prefix, StringComparison.Ordinal) && !row.Contains(Short(reference)))
            .Select(reference => $"{name} uses {reference}, which is not allowed");
    }

    private static bool TryGetRow(string name, out string[] row)
    {
        row = [];
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Table.TryGetValue(Short(name), out row!);
    }

    private static string Short(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
}
