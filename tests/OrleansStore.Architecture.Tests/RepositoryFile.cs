namespace OrleansStore.Architecture.Tests;

/// <summary>A file as the rules see it.</summary>
/// <param name="Path">Relative to the root of the repository, with <c>/</c> between the parts.</param>
/// <param name="Text">What it holds; empty where no rule looks into files of its kind.</param>
internal sealed record RepositoryFile(string Path, string Text)
{
    /// <summary>The name without folders.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The folder, without a slash at the end; empty at the root.</summary>
    public string Folder => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : string.Empty;

    /// <summary>Whether the file is somewhere in one of the folders.</summary>
    public bool IsIn(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (Path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
