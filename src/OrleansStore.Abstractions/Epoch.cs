using System.Globalization;

namespace OrleansStore;

/// <summary>The version of the stored topology. Epochs only rise (invariant 9).</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct Epoch(ulong Value) : IComparable<Epoch>
{
    /// <summary>No topology agreed yet.</summary>
    public static readonly Epoch None;

    /// <summary>The number after this one.</summary>
    /// <exception cref="OverflowException">This is the largest number.</exception>
    public Epoch Next => new(checked(Value + 1));

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(Epoch left, Epoch right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(Epoch left, Epoch right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(Epoch left, Epoch right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(Epoch left, Epoch right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Epoch other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
