using System.Text.RegularExpressions;

namespace OrleansStore.Architecture.Tests;

/// <summary>The top level of the repository holds only what is agreed.</summary>
internal static partial class TopLevelRule
{
    /// <summary>Left behind by builds, tests and a store started here; <c>.gitignore</c> names them.</summary>
    public static readonly string[] Ignored = ["bin/", "obj/", "TestResults/", "artifacts/", "BenchmarkDotNet.Artifacts/", "data/"];

    private static readonly string[] Allowed = ["src/", "tests/", "silo/", "client/", "infra/", "OrleansStore.sln", "README.md", "LICENSE"];

    /// <summary>Checks names at the top level; those of folders end in a slash.</summary>
    public static IEnumerable<string> Check(IEnumerable<string> names) => names
        .Where(name => !Allowed.Contains(name) && !Ignored.Contains(name) && !Pattern().IsMatch(name))
        .Select(name => $"{name} does not belong at the top level");

    [GeneratedRegex(@"^(\..+|Directory\.[A-Za-z.]+\.(props|targets)|[A-Za-z.]+\.runsettings)$")]
    private static partial Regex Pattern();
}
