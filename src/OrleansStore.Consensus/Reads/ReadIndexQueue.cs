using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Reads;

/// <summary>Read requests of a leader that wait for a majority to confirm its term (Raft thesis, section 6.4).</summary>
/// <remarks>Requests are numbered from 1 in each term; the number is the read round. A heartbeat carries the number of the newest request, and a
/// member that answers it confirms all requests up to that one: they were all made before the heartbeat was sent.</remarks>
internal sealed class ReadIndexQueue
{
    private readonly Queue<(RaftMessage Request, LogIndex Index)> _waiting = new();
    private ulong _confirmed;

    public int Count => _waiting.Count;

    /// <summary>The round that heartbeats ask to confirm; 0 while nothing waits.</summary>
    public ulong CurrentRound => _waiting.Count == 0 ? 0 : _confirmed + (ulong)_waiting.Count;

    /// <summary>Adds a request that may be answered at <paramref name="commit"/> once the leader's term is confirmed.</summary>
    public void Add(in RaftMessage request, LogIndex commit) => _waiting.Enqueue((request, commit));

    /// <summary>Takes the oldest request that a majority's confirmation of <paramref name="round"/> covers.</summary>
    public bool TryTake(ulong round, out RaftMessage request, out LogIndex index)
    {
        (request, index) = (default, default);
        if (round <= _confirmed || _waiting.Count == 0)
        {
            return false;
        }

        Invariant.Check(round <= CurrentRound, $"round {round} was confirmed before it was asked, the newest is {CurrentRound}");
        (request, index) = _waiting.Dequeue();
        _confirmed++;
        return true;
    }

    /// <summary>Forgets everything: the term is over.</summary>
    public void Clear()
    {
        _waiting.Clear();
        _confirmed = 0;
    }
}
