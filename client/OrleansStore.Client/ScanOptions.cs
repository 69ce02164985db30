using System.Text;

namespace OrleansStore.Client;

/// <summary>Which records a scan reads, and how. The deadline is that of each page. Immutable. The bytes are not copied: nobody may change them before the scan has ended.</summary>
public sealed record ScanOptions : CallOptions
{
    /// <summary>How many records a page has unless something else is asked for.</summary>
    public const int DefaultPageSize = 256;

    /// <summary>Only keys that begin with these bytes; empty for all. At most <see cref="StoreLimits.MaxKeyBytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is too long.</exception>
    public ReadOnlyMemory<byte> Prefix { get; init => field = Checked(value, StoreLimits.MaxKeyBytes, nameof(Prefix)); }

    /// <summary>Only keys from here on, inclusive; empty for no bound. At most <see cref="StoreLimits.MaxKeyBytes"/> and one more: what follows the longest key.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is too long.</exception>
    public ReadOnlyMemory<byte> Start { get; init => field = Checked(value, StoreLimits.MaxKeyBytes + 1, nameof(Start)); }

    /// <summary>Only keys before this, exclusive; empty for no bound. At most as long as <see cref="Start"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is too long.</exception>
    public ReadOnlyMemory<byte> End { get; init => field = Checked(value, StoreLimits.MaxKeyBytes + 1, nameof(End)); }

    /// <summary>The most records per request, in [1, <see cref="ScanRequest.MaxLimit"/>]. A page holds at most <see cref="ScanRequest.MaxPageBytes"/>, whatever this is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int PageSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(PageSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ScanRequest.MaxLimit, nameof(PageSize));
            field = value;
        }
    } = DefaultPageSize;

    /// <summary>Whether values come with the records. Default true.</summary>
    public bool IncludeValues { get; init; } = true;

    /// <summary>All keys that begin with the UTF-8 bytes of a text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The text is too long.</exception>
    public static ScanOptions OfPrefix(string prefix) => new() { Prefix = Encoding.UTF8.GetBytes(prefix) };

    private static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte> value, int maxBytes, string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, maxBytes, name);
        return value;
    }
}
