namespace OrleansStore.Architecture.Tests;

/// <summary>Shows each rule something bad, and beside it something good that is close to it.</summary>
[Trait("Category", "Unit")]
public sealed class RulesCanFailTests
{
    [Fact]
    public void DependencyRule_RefusesReferenceUpwards()
    {
        Assert.Equal(
            ["src/OrleansStore.Buckets/OrleansStore.Buckets.csproj: OrleansStore.Buckets -> OrleansStore.Service is not allowed"],
            DependencyRule.CheckProjects([Project("Buckets", "Service"), Project("Service", "Abstractions")]));
        Assert.Empty(DependencyRule.CheckProjects([Project("Service", "Buckets"), Project("Buckets", "Abstractions"), Project("Abstractions")]));
    }

    [Fact]
    public void DependencyRule_RefusesEnginesAndFacadesThatKnowEachOther()
    {
        Assert.Single(DependencyRule.CheckProjects([Project("Http", "Embedded"), Project("Embedded", "Service"), Project("Service")]));
        Assert.Single(DependencyRule.CheckProjects([Project("Embedded", "Grains"), Project("Grains", "Service"), Project("Service")]));
        Assert.Single(DependencyRule.CheckProjects([Project("Storage", "Buckets"), Project("Buckets")]));
    }

    [Fact]
    public void DependencyRule_RefusesWhatComesInThroughAnother_UnlessItIsKeptPrivate()
    {
        ProjectNode[] projects = [Project("Client", "Abstractions"), Project("Abstractions", "Consensus"), Project("Consensus")];

        var errors = DependencyRule.CheckProjects(projects).ToList();

        Assert.Contains(errors, error => error.EndsWith("OrleansStore.Client -> OrleansStore.Abstractions -> OrleansStore.Consensus is not allowed", StringComparison.Ordinal));
        projects[1] = projects[1] with { PrivateReferences = projects[1].References };
        Assert.DoesNotContain(DependencyRule.CheckProjects(projects), error => error.Contains("Client", StringComparison.Ordinal));
        projects[1] = projects[1] with { PrivateReferences = [] };
        projects[0] = projects[0] with { TakesTransitive = false };
        Assert.DoesNotContain(DependencyRule.CheckProjects(projects), error => error.Contains("Client", StringComparison.Ordinal));
    }

    // Storage brings Consensus with it: that cannot be helped, but the tool may not reference it itself.
    [Fact]
    public void DependencyRule_AllowsWhatAnAllowedProjectBrings_ButNoReferenceOfItsOwn()
    {
        Assert.Empty(DependencyRule.CheckProjects([Project("Cli", "Storage"), Project("Storage", "Consensus"), Project("Consensus")]));
        Assert.Single(DependencyRule.CheckProjects([Project("Cli", "Storage", "Consensus"), Project("Storage", "Consensus"), Project("Consensus")]));
        Assert.Empty(DependencyRule.CheckAssembly("OrleansStore.Cli", ["System.Runtime", "OrleansStore.Storage"]));
        Assert.Single(DependencyRule.CheckAssembly("OrleansStore.Cli", ["OrleansStore.Consensus"]));
    }

    [Fact]
    public void DependencyRule_RefusesProjectsItDoesNotKnow()
    {
        Assert.Contains("is not in the dependency table", Assert.Single(DependencyRule.CheckProjects([Project("Utils")])), StringComparison.Ordinal);
        Assert.Single(DependencyRule.CheckAssembly("OrleansStore.Utils", []));
        Assert.Single(DependencyRule.CheckAssembly("Utils", []));
    }

    [Fact]
    public void ProjectNode_ReadsReferencesAsMsBuildDoes()
    {
        var node = ProjectNode.Parse(new RepositoryFile("src/OrleansStore.Storage/OrleansStore.Storage.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><RootNamespace>Other</RootNamespace><DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences></PropertyGroup>
              <ItemGroup Condition="'$(Orleans)' == 'true'">
                <ProjectReference Include="..\OrleansStore.Consensus\OrleansStore.Consensus.csproj" />
                <ProjectReference Include="../OrleansStore.Placement/OrleansStore.Placement.csproj" PrivateAssets="all" />
                <ProjectReference Include="../OrleansStore.Abstractions/OrleansStore.Abstractions.csproj"><PrivateAssets>all</PrivateAssets></ProjectReference>
                <ProjectReference Include="../Generator/Generator.csproj" ReferenceOutputAssembly="false" />
              </ItemGroup>
            </Project>
            """));

        Assert.Equal(["OrleansStore.Consensus", "OrleansStore.Placement", "OrleansStore.Abstractions"], node.References);
        Assert.Equal(["OrleansStore.Placement", "OrleansStore.Abstractions"], node.PrivateReferences);
        Assert.False(node.TakesTransitive);
        Assert.Equal("Other", node.RootNamespace);
    }

    [Fact]
    public void BuiltAssembly_ReadsWhatTheCodeUses()
    {
        var assembly = BuiltAssembly.Read(typeof(RulesCanFailTests).Assembly.Location);

        Assert.Equal("OrleansStore.Architecture.Tests", assembly.Name);
        Assert.Contains("xunit.core", assembly.References);
        Assert.Contains("Xunit.FactAttribute", assembly.Types["xunit.core"]);
    }

    [Fact]
    public void IdTypesRule_RefusesOtherTypes_InPureProjectsOnly()
    {
        Assert.Equal(
            ["OrleansStore.Placement uses OrleansStore.StoreRecord, which is no id type"],
            IdTypesRule.Check("OrleansStore.Placement", ["OrleansStore.BucketId", "OrleansStore.StoreRecord"]));
        Assert.Empty(IdTypesRule.Check("OrleansStore.Buckets", ["OrleansStore.StoreRecord"]));
    }

    [Fact]
    public void ReadmeRule_RefusesSourceProjectWithout()
    {
        RepositoryFile[] files =
        [
            File("src/A/A.csproj"), File("src/B/B.csproj"), File("src/B/README.md"), File("tests/C/C.csproj"), File("src/A/Inner/README.md"), File("client/D/D.csproj"),
            File("client/samples/E/E.csproj"),
        ];

        Assert.Equal(["src/A has no README.md", "client/D has no README.md"], ProjectRules.CheckReadmes(files));
    }

    [Theory]
    [InlineData("src/OrleansStore.Service/A.cs", "FrozenSet<string> a;", 1)]
    [InlineData("src/OrleansStore.Service/A.cs", "ConcurrentDictionary<(BucketId Bucket, DatacenterId Peer), int> a = new();", 1)]
    [InlineData("src/OrleansStore.Storage/A.cs", "ImmutableHashSet<(int, int)> a = [];", 1)]
    [InlineData("src/OrleansStore.Storage/A.cs", "public override int GetHashCode() => HashCode.Combine(a, b);", 1)]
    [InlineData("src/OrleansStore.Service/A.cs", "ConcurrentDictionary<BucketId, (int, int)> a = new();", 0)]
    [InlineData("src/OrleansStore.Service/A.cs", "Dictionary<(int, int), int> a = [];", 0)]
    [InlineData("src/OrleansStore.Http/A.cs", "ConcurrentDictionary<(int, int), int> a = new();", 0)]
    public void SourceRules_RefuseHashesOfTheProcess_InWhatIsSimulated(string path, string code, int errors) =>
        Assert.Equal(errors, SourceRules.CheckHashes([File(path, code)]).Count());

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("docs/")]
    [InlineData("build.sh")]
    [InlineData("Other.sln")]
    [InlineData("src")]
    [InlineData("Directory.Build.txt")]
    public void TopLevelRule_RefusesWhatIsNotAgreed(string name) => Assert.Single(TopLevelRule.Check([name, "src/", "README.md", "LICENSE"]));

    [Theory]
    [InlineData(".ci/")]
    [InlineData(".gitignore")]
    [InlineData("Directory.Packages.props")]
    [InlineData("Directory.Build.targets")]
    [InlineData("slow.runsettings")]
    [InlineData("infra/")]
    [InlineData("data/")]
    public void TopLevelRule_AcceptsWhatIsAgreed(string name) => Assert.Empty(TopLevelRule.Check([name]));

    [Fact]
    public void SolutionRule_RefusesMissingAndUnknownProjects()
    {
        var solution = File("OrleansStore.sln", """
            Project("{X}") = "A", "src\A\A.csproj", "{Y}"
            Project("{X}") = "Gone", "src\Gone\Gone.csproj", "{Z}"
            """);

        Assert.Equal(
            ["silo/S.csproj is not in OrleansStore.sln", "OrleansStore.sln names src/Gone/Gone.csproj, which is not there"],
            ProjectRules.CheckSolution([solution, File("src/A/A.csproj"), File("silo/S.csproj")]));
    }

    [Theory]
    [InlineData("../../../shared/file.txt", 1)]
    [InlineData("/usr/share/file.txt", 1)]
    [InlineData("..\\..\\..\\file.txt", 1)]
    [InlineData("../../src/A/file.txt;Golden/*.txt", 0)]
    [InlineData("../../.editorconfig", 0)]
    public void TestProjectRule_RefusesPathsThatLeaveTheRepository(string path, int errors)
    {
        var project = File("tests/A.Tests/A.Tests.csproj", $"""<Project><ItemGroup><None Include="{path}" /></ItemGroup></Project>""");

        Assert.Equal(errors, ProjectRules.CheckTestProjectsStayInside([project]).Count());
    }

    [Theory]
    [InlineData("Path.Combine(root, \"..\", \"shared\")", 1)]
    [InlineData("File.ReadAllText(\"/home/me/file\")", 1)]
    [InlineData("File.ReadAllText(@\"C:\\temp\\file\")", 1)]
    [InlineData("File.ReadAllText($\"../{name}\")", 1)]
    [InlineData("Get(\"/v1/kv/a\"); Open(\"/proc/self/status\"); // \"/home/me\"", 0)]
    [InlineData("Get(\"http://127.0.0.1:5101/\"); Write(\"...\");", 0)]
    public void TestSourceRule_RefusesPathsOutside(string code, int errors)
    {
        RepositoryFile[] files = [File("tests/A.Tests/A.cs", code)];

        Assert.Equal(errors, SourceRules.CheckTestsStayInside(files, new Dictionary<string, string>()).Count());
        Assert.Empty(SourceRules.CheckTestsStayInside(files, new Dictionary<string, string> { ["tests/A.Tests/A.cs"] = "guarded" }));
    }

    [Theory]
    [InlineData("Thread.Sleep(5);", "Thread.Sleep")]
    [InlineData("System.Threading.Tasks.Task\n    .Run(() => 1);", "Task.Run")]
    [InlineData("Start(Task.Run);", "Task.Run")]
    [InlineData("var a = \"\"; var b = '\"'; Task.Run(x); var c = \"\";", "Task.Run")]
    [InlineData("var a = @\"\\\"; Task.Run(x);", "Task.Run")]
    [InlineData("var a = \"\"\"\n \" \n\"\"\"; Task.Run(x);", "Task.Run")]
    public void CallRule_RefusesBlockingAndForeignSchedulers(string code, string call)
    {
        RepositoryFile[] files = [File("src/A/A.cs", code)];

        Assert.Equal([$"src/A/A.cs calls {call}"], SourceRules.CheckCalls(files, new Dictionary<(string, string), string>()));
        Assert.Empty(SourceRules.CheckCalls(files, new Dictionary<(string, string), string> { [("src/A/A.cs", call)] = "reason" }));
    }

    [Theory]
    [InlineData("// Thread.Sleep(5)")]
    [InlineData("/* Task.Run(x) */")]
    [InlineData("/// <summary>Not Task.Run.</summary>")]
    [InlineData("Log(\"Task.Run\"); Log(@\"a\"\"Task.Run\"); Log(\"\\\"Task.Run\");")]
    [InlineData("Log(\"\"\"Task.Run(\"x\")\"\"\");")]
    [InlineData("MyTask.Run(x); Task.Running(); Task.Sleep(); Thread.Run();")]
    public void CallRule_IgnoresCommentsStringsAndOtherNames(string code) =>
        Assert.Empty(SourceRules.CheckCalls([File("src/A/A.cs", code)], new Dictionary<(string, string), string>()));

    [Fact]
    public void CallRule_RefusesAllowanceThatNothingNeeds() => Assert.Equal(
        ["src/A/A.cs is allowed to call Task.Run and does not"],
        SourceRules.CheckCalls([File("src/A/A.cs", "var a = 1;")], new Dictionary<(string, string), string> { [("src/A/A.cs", "Task.Run")] = "reason" }));

    [Theory]
    [InlineData(600, 0)]
    [InlineData(601, 1)]
    public void LengthRule_RefusesMoreThan600Lines(int lines, int errors)
    {
        var text = string.Concat(Enumerable.Repeat("line\n", lines));

        Assert.Equal(errors, SourceRules.CheckLength([File("src/A/A.cs", text)]).Count());
        Assert.Empty(SourceRules.CheckLength([File("tests/A/A.cs", text)]));
    }

    [Theory]
    [InlineData("src/OrleansStore.A/B/C.cs", "namespace OrleansStore.A.B;", 0)]
    [InlineData("src/OrleansStore.A/C.cs", "namespace OrleansStore.A\n{\n}", 0)]
    [InlineData("src/OrleansStore.A/GlobalUsings.cs", "global using System;", 0)]
    [InlineData("src/OrleansStore.A/B/C.cs", "namespace OrleansStore.A;", 1)]
    [InlineData("src/OrleansStore.A/C.cs", "namespace OrleansStore.A.B;", 1)]
    [InlineData("src/OrleansStore.A/C.cs", "// namespace OrleansStore.A;\nclass C { }", 1)]
    [InlineData("src/OrleansStore.Nowhere/C.cs", "namespace OrleansStore.Nowhere;", 1)]
    public void NamespaceRule_RefusesOtherNamespaceThanTheFolder(string path, string code, int errors) =>
        Assert.Equal(errors, SourceRules.CheckNamespaces([File(path, code)], [Project("A")]).Count());

    [Fact]
    public void NamespaceRule_FollowsTheRootNamespace() => Assert.Empty(
        SourceRules.CheckNamespaces([File("src/OrleansStore.A/B/C.cs", "namespace OrleansStore.B;")], [Project("A") with { RootNamespace = "OrleansStore" }]));

    private static ProjectNode Project(string name, params string[] references) => new(
        $"OrleansStore.{name}",
        $"src/OrleansStore.{name}/OrleansStore.{name}.csproj",
        [.. references.Select(reference => $"OrleansStore.{reference}")],
        [],
        TakesTransitive: true,
        $"OrleansStore.{name}");

    private static RepositoryFile File(string path, string text = "") => new(path, text);
}
