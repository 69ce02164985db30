namespace OrleansStore.Placement.Rings;

/// <summary>How many buckets weights entitle a datacenter to, as an exact fraction: <c>Whole + Remainder / Denominator</c>.</summary>
/// <param name="Whole">The share rounded down, in buckets.</param>
/// <param name="Remainder">In [0, <paramref name="Denominator"/>).</param>
/// <param name="Denominator">Positive; the same for all shares of one set that are not whole.</param>
internal readonly record struct Share(int Whole, long Remainder, long Denominator)
{
    /// <summary>The least number of buckets the datacenter may get.</summary>
    public int Floor => Whole;

    /// <summary>The greatest number of buckets the datacenter may get.</summary>
    public int Ceiling => Remainder == 0 ? Whole : Whole + 1;

    /// <summary>The share as a number, for display and tests only.</summary>
    public double Value => Whole + ((double)Remainder / Denominator);

    /// <summary>A share of a whole number of buckets.</summary>
    public static Share Of(int buckets) => new(buckets, 0, 1);

    /// <summary>The share <paramref name="numerator"/> / <paramref name="denominator"/>.</summary>
    public static Share Of(long numerator, long denominator)
    {
        var (whole, remainder) = Math.DivRem(numerator, denominator);
        return new Share((int)whole, remainder, denominator);
    }
}
