using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Service.Wire;

/// <summary>What holds of every message that consensus sends. The encoder checks it so that our own mistake is found where it was made; the decoder so that bytes which cannot
/// be such a message never reach consensus.</summary>
internal static class RaftMessageRules
{
    /// <summary>Finds a broken rule.</summary>
    /// <returns>A fixed sentence, or null.</returns>
    public static string? FindMistake(in RaftMessage message)
    {
        if (message.Type is < RaftMessageType.PreVote or > RaftMessageType.HibernateResponse)
        {
            return "The type is unknown.";
        }

        if (message.From == ReplicaId.None || message.To == ReplicaId.None)
        {
            return "Sender and recipient are replicas.";
        }

        if (message.Term == Term.None && !MayHaveNoTerm(message.Type))
        {
            return "Only what is handed to a leader, and the refusal of a pre-vote, may name no term.";
        }

        if (message.Reject && !message.IsResponse)
        {
            return "Only an answer can refuse.";
        }

        if (message.IsTransfer && message.Type is not (RaftMessageType.PreVote or RaftMessageType.Vote))
        {
            return "Only a vote can be part of a transfer.";
        }

        return FindLogMistake(message) ?? FindSnapshotMistake(message) ?? FindEntriesMistake(message);
    }

    // A replica that was never in a term refuses a pre-vote at term 0, its own.
    private static bool MayHaveNoTerm(RaftMessageType type) => type is RaftMessageType.Propose or RaftMessageType.ReadIndex
        or RaftMessageType.TransferLeadership or RaftMessageType.PreVoteResponse;

    private static string? FindLogMistake(in RaftMessage message)
    {
        if (message.Type is not (RaftMessageType.PreVote or RaftMessageType.Vote or RaftMessageType.Append or RaftMessageType.Hibernate))
        {
            return null;
        }

        if ((message.Index == LogIndex.None) != (message.LogTerm == Term.None))
        {
            return "An index and the term of the entry there are 0 together or not at all.";
        }

        return message.LogTerm > message.Term ? "The log is from a later term than the message." : null;
    }

    private static string? FindSnapshotMistake(in RaftMessage message)
    {
        if ((message.Snapshot is not null) != (message.Type == RaftMessageType.InstallSnapshot))
        {
            return "Install-snapshot messages, and no others, have a snapshot.";
        }

        return message.Snapshot is { } snapshot && snapshot.Metadata.Term > message.Term ? "The snapshot is from a later term than the message." : null;
    }

    private static string? FindEntriesMistake(in RaftMessage message) => message.Type switch
    {
        RaftMessageType.Append => FindAppendMistake(message),
        RaftMessageType.Propose => FindProposalMistake(message.Entries.Span),
        _ => message.Entries.IsEmpty ? null : "Only appends and forwarded proposals have entries.",
    };

    private static string? FindAppendMistake(in RaftMessage message)
    {
        var last = new EntryId(message.LogTerm, message.Index);
        foreach (ref readonly var entry in message.Entries.Span)
        {
            if (last.Index.Value == ulong.MaxValue || entry.Index.Value != last.Index.Value + 1)
            {
                return "Entries are consecutive.";
            }

            if (entry.Term == Term.None || entry.Term < last.Term || entry.Term > message.Term)
            {
                return "Terms of entries are above 0, never fall, and do not exceed the message's.";
            }

            if (!IsKnown(entry.Type))
            {
                return "An entry's type is unknown.";
            }

            last = entry.Id;
        }

        return null;
    }

    private static string? FindProposalMistake(ReadOnlySpan<Entry> entries)
    {
        if (entries.IsEmpty)
        {
            return "A forwarded proposal has entries.";
        }

        foreach (ref readonly var entry in entries)
        {
            if (entry.Id != default)
            {
                return "The leader gives proposals their term and index.";
            }

            if (!IsKnown(entry.Type))
            {
                return "An entry's type is unknown.";
            }
        }

        return null;
    }

    private static bool IsKnown(EntryType type) => type is EntryType.Normal or EntryType.ConfigChange;
}
