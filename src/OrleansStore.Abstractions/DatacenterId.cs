using System.Globalization;

namespace OrleansStore;

/// <summary>The number of a datacenter in the topology. It is part of every <see cref="ReplicaId"/>, so a number is never given to a second datacenter.</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct DatacenterId(ushort Value) : IComparable<DatacenterId>
{
    /// <summary>No datacenter.</summary>
    public static readonly DatacenterId None;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(DatacenterId left, DatacenterId right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(DatacenterId left, DatacenterId right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(DatacenterId left, DatacenterId right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(DatacenterId left, DatacenterId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(DatacenterId other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
