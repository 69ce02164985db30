using System.Text;
using OrleansStore.Consensus;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>All states a bucket may be found in after a crash: the one after the last acknowledged append, and each later one that was queued.</summary>
internal sealed class BucketHistory(BucketId bucket)
{
    // Invariant: element 0 is acknowledged; the rest were queued after it, in order.
    private readonly List<BucketModel> _states = [BucketModel.Empty];
    private ulong _acknowledged;

    public BucketId Bucket => bucket;

    public BucketModel Latest => _states[^1];

    /// <summary>The newest snapshot whose commit was reported; null if none was.</summary>
    public SnapshotMetadata? Snapshot { get; private set; }

    /// <summary>A snapshot whose commit has begun.</summary>
    public SnapshotMetadata? PendingSnapshot { get; set; }

    public static byte[] Content(BucketId bucket, SnapshotMetadata snapshot) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"bucket {bucket} at {snapshot.LastEntry}; ", 8)));

    /// <returns>The token of the append.</returns>
    public ulong Queued(LogAppend append)
    {
        _states.Add(Latest.After(append));
        return _acknowledged + (ulong)(_states.Count - 1);
    }

    public void Refused() => _states.RemoveAt(_states.Count - 1);

    public void Acknowledged(ulong token)
    {
        Assert.Equal(_acknowledged + 1, token);
        _acknowledged = token;
        _states.RemoveAt(0);
    }

    public void SnapshotDurable()
    {
        Snapshot = PendingSnapshot;
        PendingSnapshot = null;
    }

    /// <summary>Checks what was recovered, and goes on from there.</summary>
    public void Recovered(LogState state, Func<SnapshotDescriptor, byte[]> read)
    {
        var metadata = state.Snapshot?.Metadata;
        Assert.True(Equals(metadata, Snapshot) || Equals(metadata, PendingSnapshot), $"bucket {bucket}: snapshot {metadata}, not {Snapshot} or {PendingSnapshot}");
        if (state.Snapshot is { } snapshot)
        {
            Assert.Equal(Content(bucket, snapshot.Metadata), read(snapshot));
        }

        var found = _states.FirstOrDefault(candidate => (metadata is null ? candidate : candidate.WithSnapshot(metadata)).Matches(state));
        Assert.True(
            found is not null,
            $"bucket {bucket} recovered {BucketModel.Describe(state)}\nsnapshot {metadata}\nallowed, acknowledged first:\n{string.Join('\n', _states)}");
        Adopt(metadata is null ? found : found.WithSnapshot(metadata), metadata);
    }

    private void Adopt(BucketModel state, SnapshotMetadata? snapshot)
    {
        _states.Clear();
        _states.Add(state);
        _acknowledged = 0;
        Snapshot = snapshot;
        PendingSnapshot = null;
    }
}
