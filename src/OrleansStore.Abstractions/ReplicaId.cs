using System.Globalization;

namespace OrleansStore;

/// <summary>The identity of one bucket replica: the datacenter it lives in and the incarnation of the data folder that holds it.</summary>
/// <remarks>
/// <para>A folder that was wiped has forgotten votes and acknowledged entries, so it comes back under a new incarnation, which consensus
/// sees as another replica. Consensus compares ids and nothing else.</para>
/// <para>Layout: the datacenter's number in bits 48 to 63, the incarnation in bits 0 to 47.</para>
/// </remarks>
/// <param name="Value">The packed number; 0 means <see cref="None"/>.</param>
public readonly record struct ReplicaId(ulong Value) : IComparable<ReplicaId>
{
    private const int IncarnationBits = 48;

    /// <summary>No replica: an unknown leader, a vote not cast.</summary>
    public static readonly ReplicaId None;

    /// <summary>The largest incarnation that fits.</summary>
    public const ulong MaxIncarnation = (1UL << IncarnationBits) - 1;

    /// <summary>The number of the datacenter in the topology.</summary>
    public ushort Datacenter => (ushort)(Value >> IncarnationBits);

    /// <summary>The incarnation of the data folder.</summary>
    public ulong Incarnation => Value & MaxIncarnation;

    /// <summary>Packs a datacenter number and an incarnation.</summary>
    /// <param name="datacenter">The number of the datacenter in the topology.</param>
    /// <param name="incarnation">In [1, <see cref="MaxIncarnation"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="incarnation"/> is out of range.</exception>
    public static ReplicaId Create(ushort datacenter, ulong incarnation)
    {
        ArgumentOutOfRangeException.ThrowIfZero(incarnation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(incarnation, MaxIncarnation);
        return new ReplicaId(((ulong)datacenter << IncarnationBits) | incarnation);
    }

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(ReplicaId left, ReplicaId right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(ReplicaId left, ReplicaId right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(ReplicaId left, ReplicaId right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(ReplicaId left, ReplicaId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(ReplicaId other) => Value.CompareTo(other.Value);

    /// <summary>The packed number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
