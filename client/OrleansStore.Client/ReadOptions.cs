namespace OrleansStore.Client;

/// <summary>How a record is read. Immutable.</summary>
public sealed record ReadOptions : CallOptions
{
    /// <summary>An eventual read with the default deadline: answered by the replica at hand, also while its datacenter is cut off.</summary>
    public static readonly ReadOptions Eventual = new() { Consistency = ReadConsistency.Eventual };

    /// <summary>What the read may miss. Default <see cref="ReadConsistency.Linearizable"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public ReadConsistency Consistency
    {
        get;
        init => field = value is ReadConsistency.Linearizable or ReadConsistency.Eventual
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Consistency), value, "Unknown consistency.");
    } = ReadConsistency.Linearizable;
}
