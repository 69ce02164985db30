using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Replicas;

/// <content>From the core to the effects, and from completed writes back to the core.</content>
public sealed partial class BucketReplica
{
    // Readys whose writes, or whose messages that wait for earlier writes, are not done; in order.
    private readonly Queue<WriteInFlight> _writesInFlight = new();
    private readonly Stack<Ready> _idleReadys = new();
    private ulong _lastWrite;

    // When leadership was last offered because storage stood still.
    private MonotonicTime _handedOverAt;

    // The commit index of the last write that carried one.
    private LogIndex _storedCommit;

    // A commit index that is only worth writing together with something else.
    private HardState? _unwrittenHardState;

    /// <summary>Turns everything that came in since the last flush into <see cref="Effects"/>.</summary>
    public void Flush()
    {
        do
        {
            ProposeAll();
            RefuseReadsOfOldTerm();
            AskForReads();
            while (_core.HasReady)
            {
                var ready = _idleReadys.TryPop(out var idle) ? idle : new Ready();
                _core.TakeReady(ready);
                Process(ready);
            }

            AnswerConfirmedReads();
        }
        while (_unproposed.Count > 0 || _unasked.Count > 0 || _core.HasReady);

        TakeSnapshotIfDue();
        StoreDueTimeIfChanged();
        StoreBeforeSleep();
    }

    /// <summary>Notes that a write, and all before it, is durable.</summary>
    /// <param name="time">The time.</param>
    /// <param name="token">The write's token.</param>
    public void CompleteWrite(ReplicaTime time, ulong token)
    {
        Observe(time);
        while (_writesInFlight.TryPeek(out var write) && (write.Token <= token || write.Token == 0))
        {
            _writesInFlight.Dequeue();
            Complete(write);
        }
    }

    /// <summary>Lets another replica lead while storage stands still here. A leader applies nothing, and so answers nothing, that is not durable here, whatever the others hold; its
    /// heartbeats would keep everybody waiting for as long as the disk does.</summary>
    private void HandOverIfStalled()
    {
        if (_core.Role == RaftRole.Leader && _core.TransferTarget == ReplicaId.None && _writesInFlight.TryPeek(out var oldest)
            && _time.Now - Latest(oldest.Since, _handedOverAt) >= _options.StallPatience && _core.FindSuccessor() is var successor && successor != ReplicaId.None)
        {
            _handedOverAt = _time.Now;
            _core.TransferLeadership(_time.Now, successor);
        }

        static MonotonicTime Latest(MonotonicTime a, MonotonicTime b) => a > b ? a : b;
    }

    private void Process(Ready ready)
    {
        Effects.Messages.AddRange(ready.Messages);
        foreach (var read in ready.ReadStates)
        {
            ConfirmReads(read);
        }

        if (ready.SoftState is not null)
        {
            RedirectWaiting();
        }

        Write(ready);
        if (!ready.CommittedEntries.IsEmpty)
        {
            Apply(ready.CommittedEntries);
        }
    }

    private void Write(Ready ready)
    {
        _unwrittenHardState = ready.HardState ?? _unwrittenHardState;
        if (ready.MustSync || ready.Snapshot is not null)
        {
            WriteAll(ready, ready.Snapshot?.Metadata.LastEntry);
        }
        else if (ready.MessagesAfterAppend.Count == 0)
        {
            // Only the commit index moved: nothing is promised on it, and whoever forgets it learns it again. Earlier writes acknowledge the rest.
            _idleReadys.Push(ready);
        }
        else if (_writesInFlight.Count == 0)
        {
            Complete(new WriteInFlight(0, ready, _time.Now));
        }
        else
        {
            // There is nothing to write, but what is to be sent rests on writes that are under way.
            _writesInFlight.Enqueue(new WriteInFlight(0, ready, _time.Now));
        }
    }

    /// <summary>Writes what a Ready asks for in pieces that storage takes. Only the last piece completes the Ready.</summary>
    private void WriteAll(Ready ready, EntryId? snapshot)
    {
        var entries = ready.Entries;
        var hardState = _unwrittenHardState;
        _unwrittenHardState = null;
        for (var count = CountOfNextPiece(entries.Span); count < entries.Length; count = CountOfNextPiece(entries.Span))
        {
            // Term and vote come first: a log must never hold entries of a later term than its hard state. The commit index comes last: it must never be
            // beyond the log. A crash in between leaves entries that nobody was promised.
            Emit(null, new ReplicaWrite(0, hardState is { } early ? early with { Commit = _storedCommit } : null, snapshot, entries[..count], null, null));
            entries = entries[count..];
            snapshot = null;
        }

        Emit(ready, new ReplicaWrite(0, hardState, snapshot, entries, null, null));
    }

    private int CountOfNextPiece(ReadOnlySpan<Entry> entries)
    {
        var bytes = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            bytes += entries[i].SizeBytes;
            if (bytes > _options.MaxWriteBytes && i > 0)
            {
                return i;
            }
        }

        return entries.Length;
    }

    private void Emit(Ready? ready, ReplicaWrite write)
    {
        write = write with { Token = ++_lastWrite };
        _storedCommit = write.HardState?.Commit ?? _storedCommit;
        _writesInFlight.Enqueue(new WriteInFlight(write.Token, ready, _time.Now));
        Effects.Writes.Add(write);
    }

    private void Complete(WriteInFlight write)
    {
        if (write.Ready is not { } ready)
        {
            return;
        }

        foreach (var message in ready.MessagesAfterAppend)
        {
            if (message.To != _core.Id)
            {
                Effects.Messages.Add(message);
            }
        }

        if (ready.Snapshot is { } snapshot)
        {
            Install(snapshot);
        }

        _core.AcknowledgeAppend(_time.Now, ready);
        _idleReadys.Push(ready);
    }

    private void Apply(ReadOnlyMemory<Entry> entries)
    {
        foreach (ref readonly var entry in entries.Span)
        {
            Invariant.Check(entry.Index == _applied.Next, $"entry {entry.Index} is applied after {_applied}");
            ApplyResult result = default;
            if (entry.Type == EntryType.ConfigChange)
            {
                _core.ApplyConfigChange(_time.Now, ConfigChange.Decode(entry.Data.Span));
            }
            else
            {
                result = _state.Apply(entry.Data);
            }

            _applied = entry.Index;
            _appliedTerm = entry.Term;
            _logBytesSinceSnapshot += entry.SizeBytes;
            if (_proposed.Remove(entry.Index, out var proposal))
            {
                Answer(proposal, entry, result);
            }
        }

        _core.AcknowledgeApply(_time.Now, entries);
    }

    private void Answer(PendingProposal proposal, in Entry entry, in ApplyResult result)
    {
        if (proposal.Request is not { } request)
        {
            _isAdvancingTime = false;
        }
        else if (proposal.Term != entry.Term)
        {
            // Another leader's entry stands here for good, so the proposal never will.
            Refuse(proposal.Token, request, Refusal.NotLeader);
        }
        else if (result.Write is { } write)
        {
            Effects.Replies.Add(new BucketReply(proposal.Token, Write: write with { DurableCopies = _core.CountDurableCopies(entry.Index) }));
        }
        else
        {
            Effects.Replies.Add(new BucketReply(proposal.Token, Outcome: result.Outcome));
        }
    }

    private readonly record struct WriteInFlight(ulong Token, Ready? Ready, MonotonicTime Since);
}
