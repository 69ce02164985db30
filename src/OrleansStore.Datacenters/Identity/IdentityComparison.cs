namespace OrleansStore.Datacenters.Identity;

/// <summary>What two processes must agree on before they exchange anything.</summary>
internal static class IdentityComparison
{
    /// <summary>Compares two identities.</summary>
    /// <param name="own">Who speaks here.</param>
    /// <param name="peer">Who answers.</param>
    /// <returns>The first field that differs, with both values; null if the two fit.</returns>
    /// <remarks>A difference of epochs refuses too: in this release a topology is fixed at first creation, so that two epochs are two stores' topologies.
    /// Feature levels may differ: the layer that writes formats takes the lowest.</remarks>
    public static string? FirstDifference(PeerIdentity own, PeerIdentity peer)
    {
        if (own.BucketCount != peer.BucketCount)
        {
            return Difference("bucket count", $"{own.BucketCount}", $"{peer.BucketCount}");
        }

        if (own.Epoch != peer.Epoch)
        {
            return Difference("topology epoch", $"{own.Epoch}", $"{peer.Epoch}");
        }

        if (own.TopologyHash != peer.TopologyHash)
        {
            return Difference("topology hash", $"{own.TopologyHash:x16}", $"{peer.TopologyHash:x16}");
        }

        // A promised store is not held yet: which of two proposals wins is for the formation to find out, over this very link.
        if (!own.HoldsStore || !peer.HoldsStore)
        {
            return null;
        }

        if (own.StoreId != peer.StoreId)
        {
            return Difference("store id", $"{own.StoreId}", $"{peer.StoreId}");
        }

        return own.Founders.AsSpan().SequenceEqual(peer.Founders.AsSpan())
            ? null
            : Difference("founders", string.Join(' ', own.Founders), string.Join(' ', peer.Founders));

        string Difference(string field, string here, string there) => $"{field} differs: {own.Name} has {here}, {peer.Name} has {there}";
    }
}
