using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Engine;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>Into memory and out of it.</content>
internal sealed partial class BucketHost
{
    // The loading that is under way; its result is taken in a turn, so that nothing but turns touches the host's fields.
    private volatile Task<(OpenedReplica Opened, BucketState State)?>? _loading;

    // The engine's leave to have the replica in memory. Invariant: set exactly while it is being loaded, is in memory, or has failed to be.
    private IBucketActivation? _activation;

    private void BeginActivation()
    {
        State = HostState.Activating;
        _silo.Activate(this);
    }

    /// <summary>Loads the replica; called by the silo when it is this bucket's turn.</summary>
    /// <returns>Ends when the loading has ended, well or badly; never fails.</returns>
    public async Task ActivateAsync()
    {
        var loading = LoadAsync();
        await loading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
        _loading = loading;
        Schedule();
    }

    /// <returns>Null if the engine does not let the bucket in.</returns>
    private async Task<(OpenedReplica Opened, BucketState State)?> LoadAsync()
    {
        _activation = await _silo.Gate.EnterAsync(Bucket);
        if (_activation is null)
        {
            return null;
        }

        var opened = await _silo.Storage.OpenAsync(Bucket, _silo.Stopping);
        try
        {
            var state = opened.State.Snapshot is { } snapshot
                ? await LoadAsync(_silo.Storage.Snapshots, snapshot)
                : BucketState.Create(_silo.Options.Limits);

            // Invariant 2: as long as an earlier activation may speak, this one is not even there.
            await opened.Claim.WaitAsync(_silo.Stopping);
            return (opened, state);
        }
        catch
        {
            opened.Log.Close();
            throw;
        }
    }

    /// <returns>False if the loading has not ended.</returns>
    private bool TryEndActivation()
    {
        if (_loading is not { IsCompleted: true } loading)
        {
            return false;
        }

        _loading = null;
        if (loading.IsCanceled)
        {
            GiveUpActivation();
        }
        else if (loading.Exception is { InnerException: var reason } failure)
        {
            if (reason is StoreException passing && (passing.IsTransient || IsTaken(passing)))
            {
                _silo.OnHostNotLoaded(this, passing);
                GiveUpActivation();
            }
            else
            {
                Fail(reason ?? failure);
            }
        }
        else if (loading.GetAwaiter().GetResult() is var (opened, state))
        {
            Start(opened, state);
        }
        else
        {
            GiveUpActivation();
        }

        return true;
    }

    /// <summary>Goes back to sleep: storage could not be reached, or the engine does not let the bucket in. What waits so far is refused or dropped, and whatever comes next tries again; so
    /// does what is due, for nobody else would ask for it again.</summary>
    private void GiveUpActivation()
    {
        State = HostState.Inactive;
        for (var i = _mailbox.Count; i > 0 && _mailbox.TryPeek(out var input); i--)
        {
            _mailbox.Drop();
            if (input is HostInput.Due)
            {
                _silo.WakeLater(this);
            }

            Process(input);
        }

        LeaveActivation();
    }

    /// <summary>Decodes the state that a snapshot holds.</summary>
    public static async Task<BucketState> LoadAsync(ISnapshotStore snapshots, SnapshotDescriptor descriptor)
    {
        await using var reader = await snapshots.OpenAsync(descriptor, CancellationToken.None);
        var decoder = new StateDecoder();
        var buffer = new byte[StorageOptions.SnapshotBlockBytes];
        int read;
        while ((read = await reader.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            decoder.Append(buffer.AsSpan(0, read));
        }

        return decoder.Complete();
    }

    /// <remarks>What another process promised for this replica runs out one lease after it spoke last, which was before the claim was this process's alone; what this process promised
    /// itself it remembers (invariant 6).</remarks>
    private void Start(OpenedReplica opened, BucketState state)
    {
        var stored = opened.State;
        _log = opened.Log;
        _claim = opened.Claim;
        _sendable = stored.Snapshot;
        var start = new RaftStartState
        {
            HardState = stored.HardState,
            Compacted = stored.CompactedTo,
            Entries = stored.Entries.ToArray(),
            Applied = stored.Snapshot?.Metadata.Index ?? LogIndex.None,
            Config = stored.Snapshot?.Metadata.Config ?? FoundingConfig(),
            PromisedUntil = Later(_promisedUntil ?? MonotonicTime.Zero, opened.Claim.HeldSince + _silo.Options.Raft.LeaseDuration),
        };
        var snapshot = stored.Snapshot is { } descriptor ? new RaftSnapshot(descriptor.Metadata, descriptor.Metadata.Index.Value) : null;
        _replica = new BucketReplica(
            _silo.Options.ForReplica(Id, Priority()), WithKnownCommit(start), state, snapshot, StoredTimes.ToWallTime(stored.DueTime), _silo.ForkRandom(), _silo.ReadTime());
        _promisedUntil = null;
        State = HostState.Active;
        _seen = null;
        LookAround(_replica);
        _silo.Metrics.CountActivation();
        _silo.OnHostActivated(this);
    }

    private static MonotonicTime Later(MonotonicTime one, MonotonicTime other) => one > other ? one : other;

    /// <summary>What a snapshot covers is committed, also where the stored commit index is older.</summary>
    private static RaftStartState WithKnownCommit(RaftStartState start) =>
        start.HardState.Commit >= start.Applied
            ? start
            : new RaftStartState
            {
                HardState = start.HardState with { Commit = start.Applied },
                Compacted = start.Compacted,
                Entries = start.Entries,
                Applied = start.Applied,
                Config = start.Config,
                PromisedUntil = start.PromisedUntil,
            };

    // Every replica of a bucket begins with the same configuration, whatever has happened to datacenters since the store was formed.
    private GroupConfig FoundingConfig() =>
        GroupConfig.Create(_silo.Placement.DatacentersOf(Bucket).ToArray().Select(datacenter => _silo.Members.Founding(datacenter)));

    private int Priority()
    {
        var place = _silo.Placement.DatacentersOf(Bucket).IndexOf(_silo.Local);
        Invariant.Check(place >= 0, $"bucket {Bucket} has no replica in datacenter {_silo.Local}");
        return place;
    }

    /// <summary>Takes the bucket out of memory although it is awake. Writes under way become durable, and whoever opens the replica next reads them; what became of the requests under way
    /// nobody here will learn.</summary>
    private void Leave()
    {
        if (_replica is { } replica)
        {
            _blockedWrites.Clear();
            LoseReplies();
            Deactivate(replica);
        }
    }

    /// <summary>Ends this activation for a reason that storage gave. Where another process of the datacenter has taken the bucket it is out of memory here, and may come back; everything else is
    /// for good.</summary>
    private void GiveWay(StoreException reason)
    {
        if (IsTaken(reason))
        {
            _silo.OnHostTaken(this);
            Leave();
        }
        else
        {
            Fail(reason);
        }
    }

    // One process alone cannot lose a bucket to another one: there it is a fault of the surroundings, and coming back would be a quarrel without end.
    private bool IsTaken(StoreException reason) => reason.Code == ErrorCode.WriterFenced && _silo.Gate.IsShared;

    private void Deactivate(BucketReplica replica)
    {
        _promisedUntil = replica.PromisedUntil;
        _replica = null;
        _log!.Close();
        _log = null;
        _claim = null;
        _mailbox.Trim();
        State = HostState.Inactive;
        _silo.OnHostDeactivated(this);
        LeaveActivation();
    }

    private void LeaveActivation()
    {
        var activation = _activation;
        _activation = null;
        activation?.Leave();
    }
}
