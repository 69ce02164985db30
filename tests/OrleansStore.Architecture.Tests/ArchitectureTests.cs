namespace OrleansStore.Architecture.Tests;

/// <summary>The house rules, checked on this repository. Each reports everything that breaks it, one line each.</summary>
[Trait("Category", "Unit")]
public sealed class ArchitectureTests
{
    private static IReadOnlyList<RepositoryFile> Files => Repository.Files;

    private static IReadOnlyList<ProjectNode> Products => ProjectNode.ParseAll(Files.Where(file => file.IsIn("src", "client", "silo")));

    [Fact]
    public void Repository_IsFound()
    {
        Assert.Contains(Files, file => file.Path == "OrleansStore.sln");
        Assert.Contains(Products, project => project.Name == "OrleansStore.Abstractions");
        Assert.Contains(Files, file => file.Path == "tests/OrleansStore.Architecture.Tests/ArchitectureTests.cs");
        Assert.DoesNotContain(Files, file => file.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void Projects_ReferenceOnlyWhatStandsBelowThem() => AssertNone(DependencyRule.CheckProjects(Products));

    [Fact]
    public void Assemblies_UseOnlyWhatStandsBelowThem() =>
        AssertNone(BuiltAssembly.Find(Products).SelectMany(assembly => DependencyRule.CheckAssembly(assembly.Name, assembly.References)));

    [Fact]
    public void PureAssemblies_UseOnlyIdTypesOfTheAbstractions() =>
        AssertNone(BuiltAssembly.Find(Products).SelectMany(assembly => IdTypesRule.Check(assembly.Name, assembly.Types[IdTypesRule.Abstractions])));

    [Fact]
    public void SourceProjects_HaveAReadme() => AssertNone(ProjectRules.CheckReadmes(Files));

    [Fact]
    public void TopLevel_HoldsOnlyWhatIsAgreed() => AssertNone(TopLevelRule.Check(Repository.TopLevel));

    [Fact]
    public void Solution_HoldsEveryProject() => AssertNone(ProjectRules.CheckSolution(Files));

    [Fact]
    public void TestProjects_IncludeNothingFromOutside() => AssertNone(ProjectRules.CheckTestProjectsStayInside(Files));

    [Fact]
    public void Tests_NameNoFilesOutside_UnlessGuarded() => AssertNone(SourceRules.CheckTestsStayInside(Files, SourceRules.AllowedOutsidePaths));

    [Fact]
    public void Sources_NeitherBlockNorLeaveTheirScheduler_UnlessAllowed() => AssertNone(SourceRules.CheckCalls(Files, SourceRules.AllowedCalls));

    [Fact]
    public void SimulatedSources_HashAlikeInEveryProcess() => AssertNone(SourceRules.CheckHashes(Files));

    [Fact]
    public void Sources_AreShort() => AssertNone(SourceRules.CheckLength(Files));

    [Fact]
    public void Sources_StandInTheFolderOfTheirNamespace() => AssertNone(SourceRules.CheckNamespaces(Files, Products));

    private static void AssertNone(IEnumerable<string> errors)
    {
        var lines = errors.ToList();
        Assert.True(lines.Count == 0, string.Join('\n', lines));
    }
}
