namespace OrleansStore.Client.Http.Requests;

/// <summary>Refuses what the interface over HTTP has no words for, instead of leaving it out without a word.</summary>
internal static class CarriedOverHttp
{
    /// <exception cref="ArgumentException">The key is none, or not in the default namespace.</exception>
    public static void Check(StoreKey key)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("This is no key.", nameof(key));
        }

        if (key.Namespace != NamespaceId.Default)
        {
            throw new ArgumentException($"Over HTTP only keys of the default namespace id can be named, not of {key.Namespace}. Use IStore.Namespace for namespaces by name.", nameof(key));
        }
    }

    /// <exception cref="ArgumentException">A key is not in the default namespace, or a put has an expiry, an owner or flags.</exception>
    public static void Check(Transaction transaction)
    {
        foreach (var guard in transaction.Guards)
        {
            Check(guard.Key);
        }

        foreach (var operation in transaction.Operations)
        {
            Check(operation.Key);
            if (operation.Expiry.Kind != ExpiryKind.Never || operation.Owner is not null || operation.Flags != 0)
            {
                throw new ArgumentException("Over HTTP a put cannot have an expiry, an owner or flags.", nameof(transaction));
            }
        }
    }
}
