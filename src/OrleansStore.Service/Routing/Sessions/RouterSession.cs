namespace OrleansStore.Service.Routing.Sessions;

/// <summary>One session of this router with one bucket. Not thread-safe.</summary>
/// <param name="id">The session.</param>
/// <param name="now">When it was made.</param>
/// <param name="window">How far sequence numbers may run ahead of what is answered.</param>
internal sealed class RouterSession(SessionId id, MonotonicTime now, int window)
{
    public SessionId Id => id;

    /// <summary>Its sequence numbers. Invariant 4: no copy of what is answered is sent any more.</summary>
    public SequenceWindow Window { get; } = new(window);

    /// <summary>Whether a write ended with unknown outcome: its number is never answered, so that the bucket remembers what became of it.</summary>
    public bool HasUnknown { get; private set; }

    /// <summary>The latest time after which the session is known to have been used in the bucket's log; its making, if it never was.</summary>
    public MonotonicTime LastUse { get; private set; } = now;

    public void MarkUnknown() => HasUnknown = true;

    /// <summary>Notes that a request that came at <paramref name="time"/> went through the log.</summary>
    public void ConfirmUse(MonotonicTime time) => LastUse = time > LastUse ? time : LastUse;
}
