using OrleansStore.Datacenters.Identity;
using OrleansStore.Storage;

namespace OrleansStore.Datacenters.Homes;

/// <summary>Where one datacenter keeps its data, taken for this process alone until it is disposed of.</summary>
internal interface IDatacenterHome : IAsyncDisposable
{
    /// <summary>What formation keeps there.</summary>
    IFormationHome Formation { get; }

    /// <summary>Recovers what is there, once the store is known. The home disposes of the storage, before itself.</summary>
    /// <exception cref="CorruptionException">Something is damaged; names what.</exception>
    /// <exception cref="StoreException">Something belongs to another store, has a newer format, or cannot be reached.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    ValueTask<IReplicaStorage> OpenStorageAsync(ILogCompletions completions);
}
