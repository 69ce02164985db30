using System.Reflection;

namespace OrleansStore.Integration.Harness;

/// <summary>The program as it was built beside these tests.</summary>
internal static class SiloBinary
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "OrleansStore.sln")))
        {
            folder = folder.Parent;
        }

        var path = System.IO.Path.Combine(folder!.FullName, "silo", "bin", Metadata("Configuration"), Metadata("TargetFramework"), "OrleansStore.Silo.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: build the solution.");
    }

    private static string Metadata(string key) =>
        typeof(SiloBinary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
