using System.Buffers;
using System.Text;

namespace OrleansStore.Client;

/// <summary>A namespace by name: <c>~</c>, the name and <c>/</c> stand in front of its keys in the store's default key space.</summary>
/// <remarks>
/// No name holds a slash or a brace. So the first slash ends the name, which makes keys of different namespaces different, and the partition key of <c>{x}</c> in a key stays <c>x</c>.
/// Keys that are written beside all namespaces and begin with <c>~</c> can meet them; leave that character to namespaces.
/// </remarks>
public sealed class StoreNamespace
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private readonly byte[] _prefix;

    /// <summary>Creates a namespace.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> characters out of <c>A–Z a–z 0–9 - . _</c>, case-sensitive.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is out of range.</exception>
    public StoreNamespace(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxNameLength || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            throw new ArgumentException($"A namespace has a name of 1 to {MaxNameLength} characters out of A-Z a-z 0-9 - . _", nameof(name));
        }

        Name = name;
        _prefix = Encoding.ASCII.GetBytes($"~{name}/");
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What stands in front of every key of the namespace.</summary>
    public ReadOnlyMemory<byte> Prefix => _prefix;

    /// <summary>The key outside of the namespace.</summary>
    /// <param name="key">A key in it.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value, or too long with the prefix.</exception>
    public StoreKey Qualify(StoreKey key) => key.IsDefault
        ? throw new ArgumentException("This is no key.", nameof(key))
        : new StoreKey(key.Namespace, Join(key.Bytes.Span));

    /// <summary>The key inside of the namespace.</summary>
    /// <param name="key">What <see cref="Qualify"/> gave.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not in this namespace.</exception>
    public StoreKey Strip(StoreKey key) => key.Bytes.Length > _prefix.Length && key.Bytes.Span.StartsWith(_prefix)
        ? new StoreKey(key.Namespace, key.Bytes[_prefix.Length..])
        : throw new ArgumentException("The key is not in this namespace.", nameof(key));

    /// <summary>The bytes behind the prefix.</summary>
    internal byte[] Join(ReadOnlySpan<byte> bytes)
    {
        var joined = new byte[_prefix.Length + bytes.Length];
        _prefix.CopyTo(joined, 0);
        bytes.CopyTo(joined.AsSpan(_prefix.Length));
        return joined;
    }
}
