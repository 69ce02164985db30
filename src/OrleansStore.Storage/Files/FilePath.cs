namespace OrleansStore.Storage.Files;

/// <summary>Paths of the file port: parts joined by <c>/</c>, which every supported operating system takes.</summary>
public static class FilePath
{
    /// <summary>The path of <paramref name="name"/> in <paramref name="directory"/>.</summary>
    public static string Join(string directory, string name) => $"{directory}/{name}";

    /// <summary>The directory that holds <paramref name="path"/>: <c>/</c> for what stands in the root, empty (the working directory) where the path has one part only.</summary>
    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash > 0 ? path[..slash] : slash == 0 ? "/" : string.Empty;
    }
}
