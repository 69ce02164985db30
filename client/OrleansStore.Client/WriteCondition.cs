using System.Collections.Immutable;

namespace OrleansStore.Client;

/// <summary>What must hold of a record for a write of its key to happen: the compare of compare-and-set. The default value is <see cref="None"/>.</summary>
public readonly struct WriteCondition
{
    private readonly GuardKind _kind;
    private readonly Revision _revision;
    private readonly ReadOnlyMemory<byte> _value;

    private WriteCondition(GuardKind kind, Revision revision = default, ReadOnlyMemory<byte> value = default)
    {
        _kind = kind;
        _revision = revision;
        _value = value;
    }

    /// <summary>The write happens whatever there is.</summary>
    public static WriteCondition None => default;

    /// <summary>There is a record.</summary>
    public static WriteCondition Exists => new(GuardKind.Exists);

    /// <summary>There is no record.</summary>
    public static WriteCondition NotExists => new(GuardKind.NotExists);

    /// <summary>There is a record that was last changed at this revision.</summary>
    public static WriteCondition RevisionIs(Revision revision) => new(GuardKind.RevisionIn, revision);

    /// <summary>There is a record with exactly this value; its content type does not matter.</summary>
    /// <param name="value">At most <see cref="StoreLimits.MaxValueBytes"/>. Not copied: nobody may change the bytes before the write has ended.</param>
    public static WriteCondition ValueIs(ReadOnlyMemory<byte> value) => new(GuardKind.ValueEquals, value: value);

    /// <summary>What an update of an item that was read demands: that it is still the same, or still absent.</summary>
    /// <param name="item">What was read; null where there was no record.</param>
    public static WriteCondition Unchanged(StoreItem? item) => item is null ? NotExists : RevisionIs(item.Revision);

    /// <summary>The transaction of one operation under this condition.</summary>
    /// <exception cref="ArgumentException">Key, value or condition are out of their range.</exception>
    internal Transaction Guarding(Operation operation) => new(ToGuards(operation.Key), [operation], StoreLimits.MaxValueBytes);

    private ImmutableArray<Guard> ToGuards(StoreKey key) => _kind switch
    {
        0 => [],
        GuardKind.Exists => [Guard.Exists(key)],
        GuardKind.NotExists => [Guard.NotExists(key)],
        GuardKind.RevisionIn => [Guard.RevisionIn(key, _revision)],
        _ => [Guard.ValueEquals(key, _value)],
    };
}
