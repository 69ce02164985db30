namespace OrleansStore.Service.Routing.Sessions;

/// <summary>One session of this router with one bucket: hands out sequence numbers, and knows up to which all are answered. Not thread-safe.</summary>
/// <param name="id">The session.</param>
/// <param name="now">When it was made.</param>
/// <param name="window">How far sequence numbers may run ahead of what is answered.</param>
internal sealed class RouterSession(SessionId id, MonotonicTime now, int window)
{
    private const int WordBits = 64;

    // Which sequence numbers above AnsweredUpTo are answered, by number modulo the size; it covers the window.
    private readonly ulong[] _answered = new ulong[(window + WordBits - 1) / WordBits];

    public SessionId Id => id;

    /// <summary>The last number handed out; 0 for none.</summary>
    public ulong Last { get; private set; }

    // Invariant 4: all numbers up to here are answered, and no copy of them is sent any more.
    public ulong AnsweredUpTo { get; private set; }

    /// <summary>Whether a write ended with unknown outcome: its number is never answered, so that the bucket remembers what became of it.</summary>
    public bool HasUnknown { get; private set; }

    /// <summary>The latest time after which the session is known to have been used in the bucket's log; its making, if it never was.</summary>
    public MonotonicTime LastUse { get; private set; } = now;

    /// <summary>Whether the window has a place.</summary>
    public bool HasRoom => Last - AnsweredUpTo < (ulong)window;

    /// <summary>Hands out the next number; there must be room.</summary>
    public ulong Take() => ++Last;

    /// <summary>Notes that a number is answered; once for each.</summary>
    public void Answer(ulong sequence)
    {
        Slot(sequence) |= Bit(sequence);
        while ((Slot(AnsweredUpTo + 1) & Bit(AnsweredUpTo + 1)) != 0)
        {
            AnsweredUpTo++;
            Slot(AnsweredUpTo) &= ~Bit(AnsweredUpTo);
        }
    }

    public void MarkUnknown() => HasUnknown = true;

    /// <summary>Notes that a request that came at <paramref name="time"/> went through the log.</summary>
    public void ConfirmUse(MonotonicTime time) => LastUse = time > LastUse ? time : LastUse;

    private ref ulong Slot(ulong sequence) => ref _answered[sequence / WordBits % (ulong)_answered.Length];

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % WordBits);
}
