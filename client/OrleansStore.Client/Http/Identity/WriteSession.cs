namespace OrleansStore.Client.Http.Identity;

/// <summary>A session of this client with the whole store: each bucket gets to know it by the first write that carries it there. Not thread-safe.</summary>
internal sealed class WriteSession(SessionId id, TimeSpan created, int window)
{
    public SessionId Id => id;

    /// <summary>When it was made, by the clock that never jumps.</summary>
    public TimeSpan Created => created;

    public SequenceWindow Window { get; } = new(window);

    /// <summary>Whether a write ended with unknown outcome: its number is never answered, so that its bucket remembers what became of it.</summary>
    public bool HasUnknown { get; set; }
}
