namespace OrleansStore.Storage.Testing;

/// <summary>What a power failure takes of what was not synced.</summary>
public enum CrashLoss
{
    /// <summary>Any subset: of each write any sectors, of each directory any changes of names.</summary>
    Random = 1,

    /// <summary>Everything.</summary>
    All = 2,

    /// <summary>Nothing: the cache happened to be written back in time.</summary>
    Nothing = 3,
}
