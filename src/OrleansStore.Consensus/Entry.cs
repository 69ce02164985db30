namespace OrleansStore.Consensus;

/// <summary>One entry of a Raft log.</summary>
/// <param name="Term">The term in which a leader created the entry.</param>
/// <param name="Index">The place of the entry in the log.</param>
/// <param name="Type">How <paramref name="Data"/> is to be read.</param>
/// <param name="Data">The command, or an encoded <see cref="Membership.ConfigChange"/>. Empty in the entry with which a leader opens its term. Nobody
/// may change the bytes once the entry was proposed.</param>
public readonly record struct Entry(Term Term, LogIndex Index, EntryType Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>What an entry costs beside its data, in bytes, wherever sizes are limited: term, index, type and length.</summary>
    public const int OverheadBytes = 24;

    /// <summary>The bytes this entry counts for against size limits.</summary>
    public long SizeBytes => OverheadBytes + Data.Length;

    /// <summary>Term and index of this entry.</summary>
    public EntryId Id => new(Term, Index);
}
