using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>Into memory and out of it.</content>
internal sealed partial class BucketHost
{
    private void BeginActivation()
    {
        State = HostState.Activating;
        _silo.Activate(this);
    }

    /// <summary>Loads the replica; called by the silo when it is this bucket's turn. Never fails: what goes wrong stops the bucket.</summary>
    public async Task ActivateAsync()
    {
        try
        {
            var opened = await _silo.Storage.OpenAsync(Bucket, CancellationToken.None);
            var state = opened.State.Snapshot is { } snapshot ? await LoadAsync(_silo.Storage.Snapshots, snapshot) : BucketState.Create(_silo.Options.Limits);
            Start(opened, state);
        }
        catch (Exception reason)
        {
            // The edge of a driver task: damage, a failed disk, or a bug of ours. The bucket stops and says why.
            Fail(reason);
        }

        _silo.Run(TakeTurn);
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

    private void Start(OpenedReplica opened, BucketState state)
    {
        var stored = opened.State;
        _log = opened.Log;
        _sendable = stored.Snapshot;
        var start = new RaftStartState
        {
            HardState = stored.HardState,
            Compacted = stored.CompactedTo,
            Entries = stored.Entries.ToArray(),
            Applied = stored.Snapshot?.Metadata.Index ?? LogIndex.None,
            Config = stored.Snapshot?.Metadata.Config ?? FoundingConfig(),
            PromisedUntil = _promisedUntil,
        };
        var snapshot = stored.Snapshot is { } descriptor ? new RaftSnapshot(descriptor.Metadata, descriptor.Revision.Value) : null;
        _replica = new BucketReplica(
            _silo.Options.ForReplica(Id, Priority()), WithKnownCommit(start), state, snapshot, StoredTimes.ToWallTime(stored.DueTime), _silo.ForkRandom(), _silo.ReadTime());
        _promisedUntil = null;
        State = HostState.Active;
        ObserveEnvironment(_replica);
        _silo.OnHostActivated(this);
    }

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

    private void Deactivate(BucketReplica replica)
    {
        _promisedUntil = replica.PromisedUntil;
        _replica = null;
        _log!.Close();
        _log = null;
        State = HostState.Inactive;
        _silo.OnHostDeactivated(this);
    }
}
