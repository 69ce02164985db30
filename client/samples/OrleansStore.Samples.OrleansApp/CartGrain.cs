using OrleansStore.Client;

namespace OrleansStore.Samples.OrleansApp;

/// <summary>Keeps its items in the store, which runs in the same silo. If the grain were active twice, neither copy would lose what the other wrote.</summary>
public sealed class CartGrain(IStore store) : Grain, ICartGrain
{
    /// <inheritdoc/>
    /// <inheritdoc/>
    public async Task<int> AddAsync(string item)
    {
        var key = $"cart/{this.GetPrimaryKeyString()}";
        while (true)
        {
            var present = await store.GetAsync(StoreKey.FromText(key));
            var items = present is null ? item : $"{present.GetText()},{item}";
            if (await store.PutTextAsync(key, items, WriteCondition.Unchanged(present)) is WriteOutcome.Applied)
            {
                return items.Split(',').Length;
            }
        }
    }
}
