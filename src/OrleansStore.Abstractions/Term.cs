using System.Globalization;

namespace OrleansStore;

/// <summary>The number of a Raft election period (Raft section 5.1): at most one leader is elected in each.</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>No term yet; the term of an empty log.</summary>
    public static readonly Term None;

    /// <summary>The number after this one.</summary>
    /// <exception cref="OverflowException">This is the largest number.</exception>
    public Term Next => new(checked(Value + 1));

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(Term left, Term right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(Term left, Term right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(Term left, Term right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(Term left, Term right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
