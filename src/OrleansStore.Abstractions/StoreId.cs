using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansStore;

/// <summary>The identity of one store over all its datacenters; minted once, at first creation, and checked in every file and hello.</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct StoreId(UInt128 Value)
{
    /// <summary>Bytes of an id in files and frames (little-endian).</summary>
    public const int SizeBytes = 16;

    private const int HexDigits = 32;

    /// <summary>No store yet.</summary>
    public static readonly StoreId None;

    /// <summary>Reads the text form.</summary>
    /// <param name="text">Exactly 32 lower-case hexadecimal digits; null is not an id.</param>
    /// <param name="id">The id, if the result is true.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out StoreId id)
    {
        id = None;
        if (text is not { Length: HexDigits } || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new StoreId(value);
        return id.ToString() == text;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
