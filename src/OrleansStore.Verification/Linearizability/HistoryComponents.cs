using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Linearizability;

/// <summary>Divides a history into parts that share no key.</summary>
/// <remarks>Linearizability is local (Herlihy and Wing, 1990, theorem 1): a history is linearizable if each object's part of it is. Keys that a transaction connects are one object; a
/// bucket with few transactions falls into many.</remarks>
internal static class HistoryComponents
{
    public static IReadOnlyList<IReadOnlyList<ClientOperation>> Divide(IReadOnlyList<ClientOperation> history)
    {
        var parents = new Dictionary<StoreKey, StoreKey>();
        foreach (var operation in history)
        {
            var first = default(StoreKey);
            foreach (var key in KeysOf(operation))
            {
                parents.TryAdd(key, key);
                first = first.IsDefault ? key : first;
                parents[Root(parents, key)] = Root(parents, first);
            }
        }

        return [.. history.GroupBy(operation => Root(parents, KeysOf(operation).First())).Select(part => (IReadOnlyList<ClientOperation>)[.. part])];
    }

    private static IEnumerable<StoreKey> KeysOf(ClientOperation operation) => operation switch
    {
        ReadOperation read => [read.Key],
        WriteOperation write => write.Transaction.Guards.Select(guard => guard.Key).Concat(write.Transaction.Operations.Select(change => change.Key)),
        _ => throw new ArgumentException($"{operation.GetType().Name} is no operation that can be checked.", nameof(operation)),
    };

    private static StoreKey Root(Dictionary<StoreKey, StoreKey> parents, StoreKey key)
    {
        while (parents[key] is var parent && parent != key)
        {
            // Path halving keeps the trees flat.
            parents[key] = parents[parent];
            key = parents[key];
        }

        return key;
    }
}
