using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Consensus;

/// <summary>The effects a <see cref="RaftCore"/> asks its driver to perform. The driver owns the object and may use it again once its writes were acknowledged.</summary>
/// <remarks>
/// <para>With <see cref="RaftOptions.AsyncStorageWrites"/>, in any order and in parallel:</para>
/// <list type="bullet">
/// <item>Send <see cref="Messages"/>. They promise nothing that is not durable.</item>
/// <item>If <see cref="HasWrites"/>: write <see cref="Snapshot"/>, <see cref="HardState"/> and <see cref="Entries"/>, after the writes of all earlier Readys, and make them
/// durable (a snapshot too, file and directory). Only then send those of <see cref="MessagesAfterAppend"/> that go to other replicas, and call <see cref="RaftCore.AcknowledgeAppend(MonotonicTime, Ready)"/>.</item>
/// <item>Apply <see cref="CommittedEntries"/>, after those of all earlier Readys, and call <see cref="RaftCore.AcknowledgeApply"/>. Configuration changes among them go to
/// <see cref="RaftCore.ApplyConfigChange"/> first.</item>
/// </list>
/// <para>Without it, strictly in this order: write and make durable; send <see cref="Messages"/>; apply; call <see cref="RaftCore.Advance"/>. Here
/// <see cref="MessagesAfterAppend"/> holds only what the replica sends to itself, which <see cref="RaftCore.Advance"/> delivers.</para>
/// </remarks>
public sealed class Ready
{
    internal List<RaftMessage> MessageList { get; private set; } = [];

    internal List<RaftMessage> MessageAfterAppendList { get; private set; } = [];

    internal List<ReadState> ReadStateList { get; private set; } = [];

    /// <summary>Role and leader, if they changed; otherwise null.</summary>
    public SoftState? SoftState { get; internal set; }

    /// <summary>Term, vote and commit index, if they changed; otherwise null.</summary>
    public HardState? HardState { get; internal set; }

    /// <summary>Entries to write. They replace what stands in the log at their indexes and behind.</summary>
    public ReadOnlyMemory<Entry> Entries { get; internal set; }

    /// <summary>A snapshot that replaces log and state machine; null where there is none. Written together with <see cref="HardState"/>.</summary>
    public RaftSnapshot? Snapshot { get; internal set; }

    /// <summary>Entries that are committed and go to the state machine.</summary>
    public ReadOnlyMemory<Entry> CommittedEntries { get; internal set; }

    /// <summary>Messages to other replicas.</summary>
    public IReadOnlyList<RaftMessage> Messages => MessageList;

    /// <summary>Messages that may leave only when this Ready's writes are durable; some go to this replica itself.</summary>
    public IReadOnlyList<RaftMessage> MessagesAfterAppend => MessageAfterAppendList;

    /// <summary>Read requests that may be answered.</summary>
    public IReadOnlyList<ReadState> ReadStates => ReadStateList;

    /// <summary>Whether entries, term or vote are to be written, so that a loss of the write would break a promise. A snapshot and the
    /// commit index that comes with it must be durable all the same before <see cref="MessagesAfterAppend"/> leave.</summary>
    public bool MustSync { get; internal set; }

    /// <summary>Whether there is something to write, or something waits for the writes of earlier Readys.</summary>
    public bool HasWrites => HardState is not null || Snapshot is not null || !Entries.IsEmpty || MessageAfterAppendList.Count > 0;

    /// <summary>What to acknowledge once the writes are durable.</summary>
    public AppendAcknowledgement Acknowledgement { get; internal set; }

    internal void TakeMessages(ref List<RaftMessage> messages, ref List<RaftMessage> afterAppend, ref List<ReadState> readStates)
    {
        // Lists are swapped, not copied: in steady state no list is created.
        (MessageList, messages) = (messages, MessageList);
        (MessageAfterAppendList, afterAppend) = (afterAppend, MessageAfterAppendList);
        (ReadStateList, readStates) = (readStates, ReadStateList);
        messages.Clear();
        afterAppend.Clear();
        readStates.Clear();
    }
}
