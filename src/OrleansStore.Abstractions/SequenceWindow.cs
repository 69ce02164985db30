namespace OrleansStore;

/// <summary>Hands out the sequence numbers of a session, and knows up to which all of them are answered (Raft thesis, section 6.3). Not thread-safe.</summary>
/// <param name="size">How far numbers may run ahead of what is answered; at least 1.</param>
public sealed class SequenceWindow(int size)
{
    private const int WordBits = 64;

    // Which numbers above AnsweredUpTo are answered, by number modulo the size; it covers the window.
    private readonly ulong[] _answered = new ulong[(size + WordBits - 1) / WordBits];

    /// <summary>The last number handed out; 0 for none.</summary>
    public ulong Last { get; private set; }

    /// <summary>Every number up to here is answered; 0 for none.</summary>
    public ulong AnsweredUpTo { get; private set; }

    /// <summary>Whether another number may be handed out.</summary>
    public bool HasRoom => Last - AnsweredUpTo < (ulong)size;

    /// <summary>Hands out the next number; there must be room.</summary>
    public ulong Take() => ++Last;

    /// <summary>Notes that a number is answered: no copy of its request is sent any more. Once for each.</summary>
    /// <param name="sequence">A number that was handed out.</param>
    public void Answer(ulong sequence)
    {
        Slot(sequence) |= Bit(sequence);
        while ((Slot(AnsweredUpTo + 1) & Bit(AnsweredUpTo + 1)) != 0)
        {
            AnsweredUpTo++;
            Slot(AnsweredUpTo) &= ~Bit(AnsweredUpTo);
        }
    }

    private ref ulong Slot(ulong sequence) => ref _answered[sequence / WordBits % (ulong)_answered.Length];

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % WordBits);
}
