using System.Text;

namespace OrleansStore;

/// <summary>A key: a namespace and 1 to <see cref="StoreLimits.MaxKeyBytes"/> bytes of any value. Keys are ordered by namespace, then by bytes.</summary>
/// <remarks>The default value is not a key; every type that takes a key refuses it.</remarks>
public readonly struct StoreKey : IEquatable<StoreKey>, IComparable<StoreKey>
{
    /// <summary>Creates a key.</summary>
    /// <param name="namespaceId">The namespace.</param>
    /// <param name="bytes">The key. Not copied: nobody may change the bytes afterwards.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is empty or longer than <see cref="StoreLimits.MaxKeyBytes"/>.</exception>
    public StoreKey(NamespaceId namespaceId, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new ArgumentException("A key has at least one byte.", nameof(bytes));
        }

        if (bytes.Length > StoreLimits.MaxKeyBytes)
        {
            throw new ArgumentException($"The key has {bytes.Length} bytes; at most {StoreLimits.MaxKeyBytes} are allowed.", nameof(bytes));
        }

        Namespace = namespaceId;
        Bytes = bytes;
    }

    /// <summary>The namespace.</summary>
    public NamespaceId Namespace { get; }

    /// <summary>The key's bytes; empty only in the default value.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether this is the default value, which is no key.</summary>
    public bool IsDefault => Bytes.IsEmpty;

    /// <summary>Creates a key of the default namespace from the UTF-8 bytes of a text.</summary>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public static StoreKey FromText(string text) => new(NamespaceId.Default, Encoding.UTF8.GetBytes(text));

    /// <summary>Whether both keys have the same namespace and bytes.</summary>
    public static bool operator ==(StoreKey left, StoreKey right) => left.Equals(right);

    /// <summary>Whether the keys differ.</summary>
    public static bool operator !=(StoreKey left, StoreKey right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> comes first.</summary>
    public static bool operator <(StoreKey left, StoreKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes last.</summary>
    public static bool operator >(StoreKey left, StoreKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes first or is equal.</summary>
    public static bool operator <=(StoreKey left, StoreKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes last or is equal.</summary>
    public static bool operator >=(StoreKey left, StoreKey right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public bool Equals(StoreKey other) => Namespace == other.Namespace && Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StoreKey other && Equals(other);

    /// <summary>A hash that is the same in every process; not the hash that places a key in a bucket.</summary>
    public override int GetHashCode()
    {
        // FNV-1a; System.HashCode is seeded per process.
        var hash = unchecked((2166136261u ^ Namespace.Value) * 16777619u);
        foreach (var b in Bytes.Span)
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }

        return unchecked((int)hash);
    }

    /// <inheritdoc/>
    public int CompareTo(StoreKey other)
    {
        var byNamespace = Namespace.Value.CompareTo(other.Namespace.Value);
        return byNamespace != 0 ? byNamespace : Bytes.Span.SequenceCompareTo(other.Bytes.Span);
    }

    /// <summary>Namespace and the bytes in hexadecimal, as <c>0:6b6579</c>. For tests and tools: values of keys do not belong in logs.</summary>
    public override string ToString() => $"{Namespace}:{Convert.ToHexStringLower(Bytes.Span)}";
}
