namespace OrleansStore.Placement;

/// <summary>One failure domain of the store.</summary>
/// <param name="Id">Its number: not <see cref="DatacenterId.None"/>, and never that of another datacenter, past or present, of the same store.</param>
/// <param name="Name">1 to <see cref="MaxNameLength"/> ASCII letters, digits, <c>-</c> and <c>_</c>, first a letter or digit; unique regardless of case, for it
/// names a folder.</param>
/// <param name="Weight">Its part of the buckets in proportion to the others' weights, in [1, <see cref="MaxWeight"/>].</param>
public sealed record Datacenter(DatacenterId Id, string Name, int Weight = 1)
{
    /// <summary>The most characters a name may have.</summary>
    public const int MaxNameLength = 63;

    /// <summary>The largest weight.</summary>
    public const int MaxWeight = 10_000;
}
