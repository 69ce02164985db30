using System.IO.Compression;
using System.Xml.Linq;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>The package holds what it should, and a program that knows nothing but the package can use it.</summary>
[Collection(AloneCollection.Name), Trait("Category", "Slow")]
public sealed class PackageTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task Package_HoldsLibraryDocumentationReadmeAndSymbols_AndRestores()
    {
        foreach (var project in new[] { "src/OrleansStore.Abstractions", "client/OrleansStore.Client" })
        {
            await BuiltFiles.RunAsync(BuiltFiles.Root, "pack", project, "--no-build", "--no-restore", "-c", BuiltFiles.Configuration, "-o", _folder.Path, "-nologo");
        }

        var (names, version) = CheckPackage();
        Assert.All(names.Where(name => name.StartsWith("lib/", StringComparison.Ordinal)), name => Assert.StartsWith("lib/net10.0/OrleansStore.Client.", name, StringComparison.Ordinal));
        using (var symbols = ZipFile.OpenRead(Path.Combine(_folder.Path, $"OrleansStore.Client.{version}.snupkg")))
        {
            Assert.Contains(symbols.Entries, entry => entry.FullName == "lib/net10.0/OrleansStore.Client.pdb");
        }

        await UseAsync(version);
    }

    public void Dispose() => _folder.Dispose();

    private (IReadOnlyList<string> Names, string Version) CheckPackage()
    {
        var file = Assert.Single(Directory.GetFiles(_folder.Path, "OrleansStore.Client.*.nupkg"));
        using var package = ZipFile.OpenRead(file);
        var names = package.Entries.Select(entry => entry.FullName).ToList();
        string[] expected = ["README.md", "LICENSE", "lib/net10.0/OrleansStore.Client.dll", "lib/net10.0/OrleansStore.Client.xml"];
        Assert.All(expected, name => Assert.Contains(name, names));
        using var stream = package.GetEntry("OrleansStore.Client.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal(("OrleansStore.Client", "MIT", "README.md"), (Value("id"), Value("license"), Value("readme")));
        var dependencies = metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order();
        Assert.Equal(
            ["Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options", "OrleansStore.Abstractions"], dependencies);
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "frameworkReference");
        return (names, Value("version")!);
    }

    // Packages go into a folder of the test, so that this build of ours does not stay in the user's cache; those of others are taken from there.
    private async Task UseAsync(string version)
    {
        var program = Directory.CreateDirectory(Path.Combine(_folder.Path, "program")).FullName;
        await File.WriteAllTextAsync(Path.Combine(program, "Program.cs"), """
            using OrleansStore;
            using OrleansStore.Client;

            using var store = new HttpStore(StoreClientOptions.For("http://127.0.0.1:9"));
            try
            {
                await store.GetAsync(StoreKey.FromText("a"), new ReadOptions { Timeout = TimeSpan.FromMilliseconds(200) });
            }
            catch (StoreException e)
            {
                Console.WriteLine(e.Code);
            }
            """);
        await File.WriteAllTextAsync(Path.Combine(program, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{_folder.Path}</RestoreAdditionalProjectSources>
                <RestoreFallbackFolders>{Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages")}</RestoreFallbackFolders>
                <RestorePackagesPath>{Path.Combine(_folder.Path, "packages")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OrleansStore.Client" Version="[{version}]" />
              </ItemGroup>
            </Project>
            """);

        var output = await BuiltFiles.RunAsync(program, "run", "--project", "program.csproj");

        Assert.Equal("Unavailable", output.Trim());
    }
}
