using System.Text.Json;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Finds the conformance vectors: in the folder that RAFT_VECTORS names, else in ../shared/raft-vectors beside the repository.</summary>
internal static class VectorFolder
{
    public static readonly string Path = Locate();

    private static readonly Lazy<IReadOnlyList<VectorCase>> LazyCases = new(Load);

    public static bool Exists => Directory.Exists(Path);

    public static IReadOnlyList<VectorCase> Cases => LazyCases.Value;

    private static string Locate()
    {
        if (Environment.GetEnvironmentVariable("RAFT_VECTORS") is { Length: > 0 } named)
        {
            return System.IO.Path.GetFullPath(named);
        }

        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "OrleansStore.sln")))
        {
            root = root.Parent;
        }

        return System.IO.Path.GetFullPath(System.IO.Path.Combine(root?.FullName ?? ".", "..", "shared", "raft-vectors"));
    }

    private static List<VectorCase> Load()
    {
        var cases = new List<VectorCase>();
        foreach (var file in Directory.GetFiles(Path, "*.json").Order(StringComparer.Ordinal))
        {
            var root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            var schema = root.TryGetProperty("schema", out var name) ? name.GetString() : null;
            var (kind, list) = schema switch
            {
                "quorum-vectors/1" => (VectorKind.Quorum, "cases"),
                "confchange-vectors/1" => (VectorKind.ConfigChange, "cases"),
                "scenario-vectors/1" => (VectorKind.Scenario, "cases"),
                "interaction-vectors/1" => (VectorKind.Interaction, "scripts"),
                _ => throw new InvalidDataException($"{file} has the unknown schema '{schema}'."),
            };
            var defaults = root.TryGetProperty("defaults", out var found) ? found : default;
            cases.AddRange(root.GetProperty(list).EnumerateArray().Select(body => new VectorCase(kind, body.GetProperty("id").GetString()!, body, defaults)));
        }

        return cases;
    }
}
