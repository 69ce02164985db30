namespace OrleansStore.Storage;

/// <summary>Counts the writers of one replica's storage: each opening takes a higher one, and writes of lower ones are refused (invariant 2).</summary>
/// <param name="Value">The raw number; 0 is no writer.</param>
public readonly record struct WriterEpoch(ulong Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
