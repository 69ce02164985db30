using OrleansStore.Service.Peers;
using OrleansStore.Service.Wire;

namespace OrleansStore.Simulation;

/// <summary>The network between simulated datacenters: it loses, copies, delays and reorders payloads, and can be cut one way.</summary>
internal sealed class SimNetwork(SimWorld world, SimFaults faults, Action<string> reached)
{
    private readonly HashSet<(int From, int To)> _cut = [];
    private readonly HashSet<TransferSeen> _transfers = [];

    public bool IsHostile { get; set; } = true;

    /// <summary>Takes a payload to its receiver, if it arrives at all.</summary>
    public void Send(SimDatacenter from, SimDatacenter to, LinkClass linkClass, byte release, ReadOnlySpan<byte> payload)
    {
        if (_cut.Contains((from.Number, to.Number)) || (IsHostile && world.Random.Next(1000) < faults.LossPerMille))
        {
            return;
        }

        var kind = PayloadHeader.Read(payload).Kind;
        if (kind == WireKind.SnapshotProgress)
        {
            NoteResumption(from, SnapshotTransferCodec.DecodeProgress(payload));
        }

        var copy = SimCodec.Encode(payload, release);

        // Links deliver at most once, and the answers to requests rest on it; Raft would bear copies, and so gets some.
        var mayBeCopied = kind != WireKind.Request;
        var copies = IsHostile && world.Random.Next(1000) < faults.DuplicatePerMille && mayBeCopied ? 2 : 1;
        for (; copies > 0; copies--)
        {
            var delay = TimeSpan.FromMicroseconds(200) + world.Milliseconds(IsHostile ? faults.MaxDelayMs : 2);
            world.After(delay, () => to.Receive(from, linkClass, copy), to.Scheduler);
        }
    }

    public bool IsAnyCut => _cut.Count > 0;

    public bool IsCut(SimDatacenter from, SimDatacenter to) => _cut.Contains((from.Number, to.Number));

    public void Cut(int from, int to) => _cut.Add((from, to));

    public void Heal(int from, int to) => _cut.Remove((from, to));

    public void HealAll() => _cut.Clear();

    // A receiver that first says it stands behind the beginning kept what an earlier transfer, which was cut off, had brought.
    private void NoteResumption(SimDatacenter from, SnapshotProgress progress)
    {
        if (progress.Status == SnapshotTransferStatus.Accepted && _transfers.Add(new TransferSeen(from.Replica, progress.Bucket, progress.TransferId)) && progress.NextOffset > 0)
        {
            reached("snapshot resumed");
        }
    }

    private readonly record struct TransferSeen(ReplicaId Receiver, BucketId Bucket, ulong Transfer);
}
