using System.Text;

namespace OrleansStore.Client;

/// <summary>What is hashed of a key that contains <c>{x}</c>: keys with one partition key share a bucket, and so can be in one transaction.</summary>
/// <remarks>Keys made here are <c>{x}</c> and what follows. The store takes the first opening brace and the next closing one, so the partition key itself holds no closing brace.</remarks>
public sealed class PartitionKey
{
    private readonly byte[] _prefix;

    /// <summary>Creates a partition key.</summary>
    /// <param name="bytes">1 to <see cref="StoreLimits.MaxKeyBytes"/> - 2 bytes without <c>}</c>. Copied.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is out of range.</exception>
    public PartitionKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > StoreLimits.MaxKeyBytes - 2)
        {
            throw new ArgumentException($"A partition key has {bytes.Length} bytes; 1 to {StoreLimits.MaxKeyBytes - 2} are allowed.", nameof(bytes));
        }

        if (bytes.Contains((byte)'}'))
        {
            throw new ArgumentException("A partition key holds no closing brace: that is where it ends in a key.", nameof(bytes));
        }

        _prefix = [(byte)'{', .. bytes, (byte)'}'];
    }

    /// <summary>The partition key in braces: what all its keys begin with, for scans.</summary>
    public ReadOnlyMemory<byte> Prefix => _prefix;

    /// <summary>Creates a partition key from the UTF-8 bytes of a text.</summary>
    /// <exception cref="ArgumentException">The text is empty, too long, or holds a closing brace.</exception>
    public static PartitionKey FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A key of this partition: <c>{x}</c> and the UTF-8 bytes of a text.</summary>
    /// <param name="rest">What follows; may be empty.</param>
    /// <exception cref="ArgumentException">The key is too long.</exception>
    public StoreKey Key(string rest) => Key(Encoding.UTF8.GetBytes(rest));

    /// <summary>A key of this partition: <c>{x}</c> and these bytes.</summary>
    /// <param name="rest">What follows; may be empty. Copied.</param>
    /// <exception cref="ArgumentException">The key is too long.</exception>
    public StoreKey Key(ReadOnlySpan<byte> rest) => new(NamespaceId.Default, (byte[])[.. _prefix, .. rest]);
}
