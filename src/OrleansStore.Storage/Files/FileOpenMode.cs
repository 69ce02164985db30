namespace OrleansStore.Storage.Files;

/// <summary>How <see cref="IFileSystem.OpenAsync"/> opens a file.</summary>
public enum FileOpenMode
{
    /// <summary>The file must exist; it is only read.</summary>
    Read = 1,

    /// <summary>The file must exist; it is read and written.</summary>
    ReadWrite = 2,

    /// <summary>The file is created empty, or emptied if it exists; it is read and written.</summary>
    Create = 3,
}
