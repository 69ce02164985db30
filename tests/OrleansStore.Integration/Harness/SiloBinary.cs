namespace OrleansStore.Integration.Harness;

/// <summary>The programs as they were built beside these tests.</summary>
internal static class SiloBinary
{
    public static string Path { get; } = Of("silo", "OrleansStore.Silo");

    /// <summary>The output of a project.</summary>
    /// <param name="folder">Its folder, relative to the root of the repository.</param>
    /// <param name="name">Its name.</param>
    public static string Of(string folder, string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "OrleansStore.sln")))
        {
            root = root.Parent;
        }

        // tests/<project>/ and then, as in every project, the output of this configuration and flavour.
        var output = System.IO.Path.GetRelativePath(root!.FullName, AppContext.BaseDirectory).Split(System.IO.Path.DirectorySeparatorChar).Skip(2);
        var path = System.IO.Path.Combine([root.FullName, folder, .. output, $"{name}.dll"]);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is not there: build the solution.");
    }
}
