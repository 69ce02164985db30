using System.Collections.Immutable;

namespace OrleansStore;

/// <summary>One condition of a <see cref="Transaction"/>. Immutable; created only by the factory methods, which validate.</summary>
public sealed class Guard
{
    private Guard(GuardKind kind, StoreKey key, ImmutableArray<Revision> revisions, ReadOnlyMemory<byte> value)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("A guard needs a key.", nameof(key));
        }

        Kind = kind;
        Key = key;
        Revisions = revisions;
        Value = value;
    }

    /// <summary>What is demanded.</summary>
    public GuardKind Kind { get; }

    /// <summary>Of which key.</summary>
    public StoreKey Key { get; }

    /// <summary>The revisions of <see cref="GuardKind.RevisionIn"/> and <see cref="GuardKind.RevisionNotIn"/>; empty for other kinds.</summary>
    public ImmutableArray<Revision> Revisions { get; }

    /// <summary>The value of <see cref="GuardKind.ValueEquals"/>; empty for other kinds.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>The key has a record.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value.</exception>
    public static Guard Exists(StoreKey key) => new(GuardKind.Exists, key, [], default);

    /// <summary>The key has no record.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value.</exception>
    public static Guard NotExists(StoreKey key) => new(GuardKind.NotExists, key, [], default);

    /// <summary>The key has a record that was last changed at one of these revisions.</summary>
    /// <param name="key">The key.</param>
    /// <param name="revisions">1 to <see cref="StoreLimits.MaxGuardRevisions"/> revisions, in any order.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value, or the number of revisions is out of range.</exception>
    public static Guard RevisionIn(StoreKey key, params ReadOnlySpan<Revision> revisions) =>
        new(GuardKind.RevisionIn, key, Validated(revisions), default);

    /// <summary>The key has no record, or one that was last changed at none of these revisions.</summary>
    /// <param name="key">The key.</param>
    /// <param name="revisions">1 to <see cref="StoreLimits.MaxGuardRevisions"/> revisions, in any order.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value, or the number of revisions is out of range.</exception>
    public static Guard RevisionNotIn(StoreKey key, params ReadOnlySpan<Revision> revisions) =>
        new(GuardKind.RevisionNotIn, key, Validated(revisions), default);

    /// <summary>The key has a record with this value; its content type does not matter.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">At most <see cref="StoreLimits.MaxValueBytes"/>. Not copied: nobody may change the bytes before the request is answered.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is the default value, or <paramref name="value"/> is too long.</exception>
    public static Guard ValueEquals(StoreKey key, ReadOnlyMemory<byte> value)
    {
        if (value.Length > StoreLimits.MaxValueBytes)
        {
            throw new ArgumentException($"The value has {value.Length} bytes; at most {StoreLimits.MaxValueBytes} are allowed.", nameof(value));
        }

        return new Guard(GuardKind.ValueEquals, key, [], value);
    }

    private static ImmutableArray<Revision> Validated(ReadOnlySpan<Revision> revisions)
    {
        if (revisions.Length is 0 or > StoreLimits.MaxGuardRevisions)
        {
            throw new ArgumentException($"A guard lists {revisions.Length} revisions; 1 to {StoreLimits.MaxGuardRevisions} are allowed.", nameof(revisions));
        }

        return [.. revisions];
    }
}
