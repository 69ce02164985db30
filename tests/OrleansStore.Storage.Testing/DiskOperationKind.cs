namespace OrleansStore.Storage.Testing;

/// <summary>What is asked of a <see cref="MemoryDisk"/>.</summary>
public enum DiskOperationKind
{
    /// <summary>Bytes are read, a file opened, a directory listed, a length or the free space asked for. Not counted.</summary>
    Read = 1,

    /// <summary>A directory is created.</summary>
    CreateDirectory = 2,

    /// <summary>A file is created or emptied.</summary>
    Create = 3,

    /// <summary>Bytes are written.</summary>
    Write = 4,

    /// <summary>A file is cut or extended.</summary>
    SetLength = 5,

    /// <summary>A file is synced.</summary>
    Sync = 6,

    /// <summary>A file is renamed.</summary>
    Rename = 7,

    /// <summary>A file is deleted.</summary>
    Delete = 8,

    /// <summary>A directory is synced.</summary>
    SyncDirectory = 9,
}
