using System.Text;

namespace OrleansStore.Client;

/// <summary>A record as clients see it: what every transport carries. Immutable; its bytes belong to whoever received it.</summary>
/// <param name="Key">The key, in the namespace of the view that was asked.</param>
/// <param name="Revision">The revision that last changed it: what <see cref="WriteCondition.RevisionIs"/> takes.</param>
/// <param name="Value">The value; empty where a scan asked for none.</param>
/// <param name="ValueBytes">The length of the value in bytes, whether or not <see cref="Value"/> holds it.</param>
/// <param name="ContentType">The content type; <see cref="DefaultContentType"/> where none was given.</param>
public sealed record StoreItem(StoreKey Key, Revision Revision, ReadOnlyMemory<byte> Value, int ValueBytes, string ContentType)
{
    /// <summary>The content type of a record that was put without one.</summary>
    public const string DefaultContentType = "application/octet-stream";

    /// <summary>Decodes the value as UTF-8; bytes that are none become U+FFFD.</summary>
    public string GetText() => Encoding.UTF8.GetString(Value.Span);

    /// <summary>Key, revision and length: no value, which does not belong in logs.</summary>
    public override string ToString() => $"{Key} revision {Revision}, {ValueBytes} bytes";
}
