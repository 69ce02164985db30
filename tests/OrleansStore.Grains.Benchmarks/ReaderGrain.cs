using OrleansStore.Client;

namespace OrleansStore.Grains.Benchmarks;

/// <inheritdoc cref="IReaderGrain"/>
public sealed class ReaderGrain(IStore store, StoreKey[] allKeys) : Grain, IReaderGrain
{
    /// <inheritdoc/>
    public async Task ReadAsync(int count, int keys)
    {
        for (var i = 0; i < count; i++)
        {
            _ = await store.GetAsync(allKeys[Random.Shared.Next(keys)]) ?? throw new InvalidOperationException("A record is missing.");
        }
    }
}
