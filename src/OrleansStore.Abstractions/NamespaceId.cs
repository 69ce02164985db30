using System.Globalization;

namespace OrleansStore;

/// <summary>A namespace of keys: the id stands in front of every key in log, snapshot and wire from format 1, and in front of what is hashed.</summary>
/// <param name="Value">The raw number; every value is valid, 0 and 1 have the meanings given here.</param>
public readonly record struct NamespaceId(uint Value) : IComparable<NamespaceId>
{
    /// <summary>The namespace of callers that name none.</summary>
    public static readonly NamespaceId Default;

    /// <summary>Reserved for the store itself: locks, leases, intents, files. Callers' keys never stand in it.</summary>
    public static readonly NamespaceId System = new(1);

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(NamespaceId left, NamespaceId right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(NamespaceId left, NamespaceId right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(NamespaceId left, NamespaceId right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(NamespaceId left, NamespaceId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(NamespaceId other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
