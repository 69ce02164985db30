namespace OrleansStore.Storage.Databases;

/// <summary>An uninterrupted possession of one claim: it may run out and be extended again, because as long as the claim stands in the database nobody else acts as if it were gone.</summary>
internal sealed class ClaimTerm(ClaimId id)
{
    private long _heldUntil;

    public ClaimId Id => id;

    /// <summary>Whether the last renewal still counts, by this process's clock.</summary>
    public bool IsHeldAt(MonotonicTime now) => now.Ticks < Volatile.Read(ref _heldUntil);

    /// <summary>Counts a renewal that was sent at some time; an older one never shortens it.</summary>
    public void Extend(MonotonicTime until) => Volatile.Write(ref _heldUntil, Math.Max(until.Ticks, Volatile.Read(ref _heldUntil)));

    /// <summary>Ends it for good: the claim is gone, or about to be.</summary>
    public void End() => Volatile.Write(ref _heldUntil, long.MinValue);
}
