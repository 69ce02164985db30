using System.Globalization;

namespace OrleansStore.Grains.Abstractions;

/// <summary>A byte stream between two datacenters.</summary>
/// <param name="Value">Drawn at random by the datacenter that opened it; the other cannot guess it, nor can a third.</param>
[GenerateSerializer, Immutable, Alias("orleansstore.stream")]
public readonly record struct StreamId([property: Id(0)] UInt128 Value)
{
    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
