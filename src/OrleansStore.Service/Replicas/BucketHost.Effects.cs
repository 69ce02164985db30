using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>The end of a turn: the replica's effects are performed.</content>
internal sealed partial class BucketHost
{
    private void EndTurn()
    {
        if (_replica is not { } replica)
        {
            return;
        }

        if (_batch is not null && !replica.HasWork && !replica.CanDeactivate)
        {
            // A tick or a heartbeat that changed nothing: with thousands of idle buckets nearly all are like that.
            CountTicks(replica);
            return;
        }

        replica.Flush();
        while (!replica.Effects.IsEmpty)
        {
            Perform(replica);
            if (State == HostState.Failed)
            {
                return;
            }
        }

        var status = replica.Status;
        if (_lastStatus?.Value != status)
        {
            Count(_lastStatus?.Value, status);
            _lastStatus = new StatusSnapshot(status);
        }

        if (WakeAt != replica.WakeAt)
        {
            WakeAt = replica.WakeAt;
            _silo.OnWakeAtChanged(this);
        }

        CountTicks(replica);
        if (replica.CanDeactivate && _mailbox.IsEmpty && _blockedWrites.Count == 0)
        {
            Deactivate(replica);
        }
    }

    private void Count(ReplicaStatus? before, in ReplicaStatus now)
    {
        var wasLeader = before is { Role: RaftRole.Leader } last && last.Term == now.Term;
        if (now.Role == RaftRole.Leader && !wasLeader)
        {
            _silo.Metrics.CountElection();
        }
        else if (wasLeader && now.LastIndex > before!.Value.LastIndex)
        {
            _silo.Metrics.CountProposed(now.LastIndex.Value - before.Value.LastIndex.Value);
        }

        if (before is { } known && now.Commit > known.Commit)
        {
            _silo.Metrics.CountCommitted(now.Commit.Value - known.Commit.Value);
        }
    }

    private void CountTicks(BucketReplica replica) =>
        Volatile.Write(ref _ticksUntilDue, _blockedWrites.Count > 0 ? 1 : replica.TicksUntilDue);

    private void Perform(BucketReplica replica)
    {
        var effects = replica.Effects;
        foreach (var write in effects.Writes)
        {
            Append(write);
        }

        Speak(replica);
        if (effects.Snapshot is { } order)
        {
            _silo.SaveSnapshot(this, order);
        }

        effects.Clear();
    }

    // Read after everything that is to be said was found out. A pause between this and the saying is harmless: what is said was true while nobody else could speak.
    private bool MaySpeak => _claim is { } claim && claim.IsHeldAt(_silo.Now);

    /// <summary>Sends messages and answers, if this activation still holds the claim (invariant 2). Without it messages are lost as on the way, and answers that could be
    /// contradicted are withheld.</summary>
    private void Speak(BucketReplica replica)
    {
        var effects = replica.Effects;
        if (effects.Messages.Count == 0 && effects.Replies.Count == 0)
        {
            return;
        }

        var maySpeak = MaySpeak;
        foreach (var message in effects.Messages)
        {
            if (maySpeak)
            {
                Send(replica, message);
            }
            else
            {
                Withhold(replica, message);
            }
        }

        foreach (var reply in effects.Replies)
        {
            if (_replies.Remove(reply.Token, out var complete))
            {
                complete(maySpeak ? reply : Refusals.Withhold(reply));
            }
        }
    }

    private void Withhold(BucketReplica replica, in RaftMessage message)
    {
        // As for messages that found no room.
        if (message.Type == RaftMessageType.InstallSnapshot)
        {
            Post(new HostInput.Sent(message.To, message.Term, IsDelivered: false));
        }
        else if (message.Type == RaftMessageType.Append)
        {
            replica.ReportUnreachable(_silo.ReadTime(), message.To);
        }
    }

    private void Append(ReplicaWrite write)
    {
        if (_blockedWrites.Count > 0 || !TryAppend(write))
        {
            _blockedWrites.Enqueue(write);
        }
    }

    private void RetryBlockedWrites()
    {
        while (_blockedWrites.TryPeek(out var write) && TryAppend(write))
        {
            _blockedWrites.Dequeue();
        }
    }

    /// <returns>False if the write must wait for room.</returns>
    private bool TryAppend(ReplicaWrite write)
    {
        if (State == HostState.Failed)
        {
            return true;
        }

        var status = _log!.TryAppend(
            new LogAppend
            {
                HardState = write.HardState,
                InstalledSnapshot = write.InstalledSnapshot,
                Entries = write.Entries,
                CompactedTo = write.CompactedTo,
                DueTime = write.DueTime is { } due ? StoredTimes.ToDueTime(due.At) : null,
            },
            write.Token);
        switch (status)
        {
            case AppendStatus.Queued:
                return true;
            case AppendStatus.Throttled or AppendStatus.DiskFull:
                return false;
            case AppendStatus.Fenced when _silo.Gate.IsShared:
                // The claim has ended with the writer, so the rest of the turn is silent.
                Post(new HostInput.Fenced(_log.Writer));
                return true;
            default:
                // A newer activation has the storage, or storage failed: this one must not speak any more (invariants 2 and 8).
                Fail(_silo.StorageFailure ?? new StoreException(ErrorCode.WriterFenced, $"Storage of bucket {Bucket} answered {status}."));
                return true;
        }
    }

    private void Send(BucketReplica replica, in RaftMessage message)
    {
        var datacenter = new DatacenterId(message.To.Datacenter);
        if (_silo.Surroundings.Current(datacenter) != message.To)
        {
            // An incarnation that is gone: nobody would take the message.
            return;
        }

        if (message.Type == RaftMessageType.InstallSnapshot)
        {
            _silo.SendSnapshot(this, message);
        }
        else if (_batch?.TryAdd(Bucket, message) != true && !_silo.Messenger.TrySend(Bucket, message) && message.Type == RaftMessageType.Append)
        {
            // Lost before it left: probe, instead of filling the window with more of the same.
            replica.ReportUnreachable(_silo.ReadTime(), message.To);
        }
    }
}
