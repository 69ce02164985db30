using System.Reflection;

namespace OrleansStore.Integration.Harness;

/// <summary>The programs as this flavour built them beside these tests.</summary>
internal static class SiloBinary
{
    public static string Path { get; } = Of("silo", "OrleansStore.Silo");

    public static string Of(string folder, string name)
    {
        var path = System.IO.Path.Combine(Root(), folder, "bin", "orleans", Metadata("Configuration"), Metadata("TargetFramework"), $"{name}.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: build the solution with -p:Orleans=true.");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder!.FullName, "OrleansStore.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    private static string Metadata(string key) =>
        typeof(SiloBinary).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
