using System.Globalization;

namespace OrleansStore;

/// <summary>The id in front of every key in log, snapshot and wire: keys of different namespaces never meet.</summary>
/// <param name="Value">The raw number.</param>
public readonly record struct NamespaceId(uint Value)
{
    /// <summary>The namespace of keys whose caller names none.</summary>
    public static readonly NamespaceId Default;

    /// <summary>The namespace of the store's own records: locks, leases, intents, files.</summary>
    public static readonly NamespaceId System = new(1);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
