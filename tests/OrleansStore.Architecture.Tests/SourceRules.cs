using System.Text.RegularExpressions;

namespace OrleansStore.Architecture.Tests;

/// <summary>Rules on single source files.</summary>
internal static partial class SourceRules
{
    private const int MaxLines = 600;

    /// <summary>Where blocking a thread or leaving the given scheduler is right: path and call -> reason. An entry that nothing needs is an error, too.</summary>
    public static readonly IReadOnlyDictionary<(string Path, string Call), string> AllowedCalls = new Dictionary<(string Path, string Call), string>();

    /// <summary>Which test sources may name files outside of the repository: path -> what guards it.</summary>
    public static readonly IReadOnlyDictionary<string, string> AllowedOutsidePaths = new Dictionary<string, string>
    {
        ["tests/OrleansStore.Consensus.Tests/Conformance/VectorFolder.cs"] = "where the conformance vectors are absent, their tests are skipped and say where they looked",
        ["tests/OrleansStore.Storage.Testing/Postgres/PostgresBinaries.cs"] = "where PostgreSQL is absent, its tests are skipped and say where they looked",
        ["tests/OrleansStore.Storage.Testing/Postgres/PostgresServer.cs"] = "which users there are, looked up only where PostgreSQL is present",
        ["tests/OrleansStore.Silo.Tests/MistakeTests.cs"] = "a datacenter name that is refused; nothing is opened",
        ["tests/OrleansStore.Http.Tests/KeyTests.cs"] = "keys with dot segments; no path of a file",
        ["tests/OrleansStore.Architecture.Tests/RulesCanFailTests.cs"] = "examples of what is refused; nothing is opened",
    };

    // What the simulation runs.
    private static readonly string[] SimulatedFolders =
    [
        .. ((string[])["Abstractions", "Buckets", "Consensus", "Datacenters", "Placement", "Service", "Storage"]).Select(name => $"src/OrleansStore.{name}"),
    ];

    // Namespaces are declared by types; these files may hold none.
    private static readonly string[] FilesWithoutNamespace = ["GlobalUsings.cs", "AssemblyInfo.cs", "Program.cs"];

    /// <summary>No file under src and client is longer than anybody wants to read.</summary>
    public static IEnumerable<string> CheckLength(IEnumerable<RepositoryFile> files) => Sources(files)
        .Select(file => (file.Path, Lines: file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1))
        .Where(file => file.Lines > MaxLines)
        .Select(file => $"{file.Path} has {file.Lines} lines, more than {MaxLines}");

    /// <summary>A folder is a namespace.</summary>
    public static IEnumerable<string> CheckNamespaces(IReadOnlyList<RepositoryFile> files, IEnumerable<ProjectNode> projects)
    {
        var roots = projects.ToDictionary(project => Path.GetDirectoryName(project.Path)!.Replace('\\', '/'), project => project.RootNamespace);
        foreach (var file in Sources(files))
        {
            var folder = roots.Keys.Where(root => file.IsIn(root)).MaxBy(root => root.Length);
            if (folder is null)
            {
                yield return $"{file.Path} belongs to no project";
                continue;
            }

            var expected = (roots[folder] + file.Folder[folder.Length..]).Replace('/', '.');
            var declared = Namespace().Matches(CodeText.Of(file.Text).Code).Select(match => match.Groups[1].Value).ToList();
            if (declared.Count == 0 && !FilesWithoutNamespace.Contains(file.Name))
            {
                yield return $"{file.Path} declares no namespace";
            }

            foreach (var other in declared.Where(name => name != expected))
            {
                yield return $"{file.Path} declares namespace {other}, but stands in {expected}";
            }
        }
    }

    /// <summary>No source under src and client blocks a thread or starts work on a scheduler that was not passed in, but for those allowed.</summary>
    public static IEnumerable<string> CheckCalls(IEnumerable<RepositoryFile> files, IReadOnlyDictionary<(string Path, string Call), string> allowed)
    {
        var found = Sources(files)
            .SelectMany(file => BannedCall().Matches(CodeText.Of(file.Text).Code).Select(match => (file.Path, Call: $"{match.Groups[1].Value}.{match.Groups[2].Value}")))
            .ToHashSet();
        return found.Except(allowed.Keys).Select(use => $"{use.Path} calls {use.Call}")
            .Concat(allowed.Keys.Except(found).Select(use => $"{use.Path} is allowed to call {use.Call} and does not"));
    }

    /// <summary>Nothing that runs in virtual time goes through a collection in an order that is seeded for each process: the same run would go another way in the next one.</summary>
    public static IEnumerable<string> CheckHashes(IEnumerable<RepositoryFile> files) => Sources(files)
        .Where(file => file.IsIn(SimulatedFolders))
        .SelectMany(file => SeededHash().Matches(CodeText.Of(file.Text).Code).Select(match => $"{file.Path} uses {match.Value}: its hash codes are seeded for each process"));

    /// <summary>No test names a file outside of the repository, so that a fresh clone passes, but for those that are guarded.</summary>
    public static IEnumerable<string> CheckTestsStayInside(IEnumerable<RepositoryFile> files, IReadOnlyDictionary<string, string> allowed) => files
        .Where(file => file.IsIn("tests") && file.Name.EndsWith(".cs", StringComparison.Ordinal) && !allowed.ContainsKey(file.Path))
        .SelectMany(file => CodeText.Of(file.Text).Literals.Where(literal => OutsidePath().IsMatch(literal)).Select(literal => $"{file.Path} names {literal}"));

    private static IEnumerable<RepositoryFile> Sources(IEnumerable<RepositoryFile> files) =>
        files.Where(file => file.IsIn("src", "client") && file.Name.EndsWith(".cs", StringComparison.Ordinal));

    // Collections that are gone through by hash code, with keys whose hash codes are seeded; Dictionary and HashSet are gone through as they were filled.
    [GeneratedRegex(@"\b(?:ConcurrentDictionary|ImmutableDictionary|ImmutableHashSet|FrozenDictionary|FrozenSet)<(?:\(|string\b)|\bHashCode\.(?:Combine|Add)\b")]
    private static partial Regex SeededHash();

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // Both as a call and as a method group; white space may stand between the parts.
    [GeneratedRegex(@"\b(Thread|Task)\s*\.\s*((?<=Thread\s*\.\s*)Sleep|(?<=Task\s*\.\s*)Run)\b")]
    private static partial Regex BannedCall();

    // Absolute paths of people's machines, and paths that climb. What the system gives everybody (/dev, /proc) and URL paths are no such paths.
    [GeneratedRegex(@"^(/(home|root|Users|work|tmp|usr|opt|mnt|srv|var|etc)(/|$)|[A-Za-z]:(\\|/)(?!/)|\.\.$|\.\.[/\\])")]
    private static partial Regex OutsidePath();
}
