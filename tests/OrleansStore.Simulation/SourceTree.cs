namespace OrleansStore.Simulation;

/// <summary>The tree of sources that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its folder, with the solution in it.</summary>
    /// <exception cref="InvalidOperationException">The tests run somewhere else.</exception>
    public static string Root => Find() ?? throw new InvalidOperationException($"No OrleansStore.sln above {AppContext.BaseDirectory}.");

    /// <summary>Its folder; null where the tests run somewhere else.</summary>
    public static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansStore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
