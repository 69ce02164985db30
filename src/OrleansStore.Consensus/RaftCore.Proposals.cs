using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus;

/// <summary>Proposals: taken in by the leader, handed on by followers.</summary>
public sealed partial class RaftCore
{
    // Data bytes of the own entries that are not applied yet.
    private long _uncommittedBytes;

    /// <summary>Proposes one command.</summary>
    /// <param name="now">The time.</param>
    /// <param name="data">The command; not empty. Nobody may change the bytes afterwards.</param>
    /// <exception cref="ArgumentException"><paramref name="data"/> is empty: empty entries are the core's own.</exception>
    public ProposeResult Propose(MonotonicTime now, ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
        {
            throw new ArgumentException("A command has at least one byte.", nameof(data));
        }

        return ProposeEntries(now, new[] { new Entry(Term.None, LogIndex.None, EntryType.Normal, data) });
    }

    /// <summary>Proposes several commands at once: they stand in the log one after the other, and each follower is sent them in one append.</summary>
    /// <param name="now">The time.</param>
    /// <param name="commands">The commands, none of them empty; at least one. Nobody may change the bytes afterwards.</param>
    /// <returns>One result for all of them.</returns>
    /// <exception cref="ArgumentException">There is no command, or an empty one.</exception>
    public ProposeResult Propose(MonotonicTime now, ReadOnlySpan<ReadOnlyMemory<byte>> commands)
    {
        if (commands.IsEmpty)
        {
            throw new ArgumentException("There must be a command.", nameof(commands));
        }

        var entries = new Entry[commands.Length];
        for (var i = 0; i < commands.Length; i++)
        {
            if (commands[i].IsEmpty)
            {
                throw new ArgumentException("A command has at least one byte.", nameof(commands));
            }

            entries[i] = new Entry(Term.None, LogIndex.None, EntryType.Normal, commands[i]);
        }

        return ProposeEntries(now, entries);
    }

    /// <summary>Proposes a change of the members. One may be under way at a time.</summary>
    /// <param name="now">The time.</param>
    /// <param name="change">The change.</param>
    public ProposeResult ProposeConfigChange(MonotonicTime now, ConfigChange change) =>
        ProposeEntries(now, new[] { new Entry(Term.None, LogIndex.None, EntryType.ConfigChange, change.Encode()) });

    /// <summary>Proposes entries without term and index as they are; an empty one too.</summary>
    internal ProposeResult ProposeEntries(MonotonicTime now, ReadOnlyMemory<Entry> entries)
    {
        Observe(now);
        WakeUp();
        if (_role == RaftRole.Leader)
        {
            return AppendProposals(entries.Span);
        }

        if (_role != RaftRole.Follower || _leader == ReplicaId.None || !_options.ForwardProposals)
        {
            return new ProposeResult(ProposeStatus.NotLeader);
        }

        Send(new RaftMessage { Type = RaftMessageType.Propose, To = _leader, Entries = entries });
        return new ProposeResult(ProposeStatus.Forwarded);
    }

    private StepStatus HandleForwardedProposal(in RaftMessage message)
    {
        if (_role == RaftRole.Leader)
        {
            return AppendProposals(message.Entries.Span).IsAppended ? StepStatus.Accepted : StepStatus.ProposalDropped;
        }

        if (_role != RaftRole.Follower || _leader == ReplicaId.None || !_options.ForwardProposals)
        {
            return StepStatus.ProposalDropped;
        }

        Send(message with { To = _leader });
        return StepStatus.Accepted;
    }

    private ProposeResult AppendProposals(ReadOnlySpan<Entry> proposals)
    {
        if (_tracker.Find(Id) is null)
        {
            return new ProposeResult(ProposeStatus.NotMember);
        }

        if (_transferTarget != ReplicaId.None)
        {
            return new ProposeResult(ProposeStatus.TransferInProgress);
        }

        var first = _log.LastIndex.Next;
        var entries = new Entry[proposals.Length];
        var isRefused = false;
        var pendingConfigIndex = _pendingConfigIndex;
        for (var i = 0; i < proposals.Length; i++)
        {
            entries[i] = proposals[i] with { Term = _term, Index = first + (ulong)i };
            if (entries[i].Type != EntryType.ConfigChange)
            {
                continue;
            }

            if (_options.ValidateConfigChanges && !IsAcceptable(ConfigChange.Decode(entries[i].Data.Span), pendingConfigIndex))
            {
                entries[i] = entries[i] with { Type = EntryType.Normal, Data = default };
                isRefused = true;
            }
            else
            {
                pendingConfigIndex = entries[i].Index;
            }
        }

        if (!TryAppendOwn(entries))
        {
            return new ProposeResult(ProposeStatus.Throttled);
        }

        _pendingConfigIndex = pendingConfigIndex;
        BroadcastAppend();
        return new ProposeResult(isRefused ? ProposeStatus.ConfigChangeRefused : ProposeStatus.Appended, entries[0].Id);
    }

    /// <summary>Appends entries of the own term.</summary>
    /// <returns>False, and nothing is appended, if too much waits already. The empty entry that opens a term
    /// always fits.</returns>
    private bool TryAppendOwn(ReadOnlySpan<Entry> entries)
    {
        var bytes = DataBytes(entries);
        if (_uncommittedBytes > 0 && bytes > 0 && _uncommittedBytes + bytes > _options.MaxUncommittedBytes)
        {
            return false;
        }

        _uncommittedBytes += bytes;
        _log.Append(entries);

        // The leader counts itself like any follower: when its own log is durable (Raft section 5.3; invariant 1).
        Send(new RaftMessage { Type = RaftMessageType.AppendResponse, To = Id, Index = _log.LastIndex });
        return true;
    }
}
