using OrleansStore.Buckets.Snapshots;
using OrleansStore.Consensus;

namespace OrleansStore.Simulation;

/// <summary>Watches a run from outside, with knowledge that no process has.</summary>
internal sealed class SimChecker(SimCluster cluster)
{
    private readonly Dictionary<(BucketId, Term), int> _leaders = [];
    private readonly Dictionary<(BucketId, LogIndex), ulong> _states = [];

    public IEnumerable<SimOperation> Operations => cluster.Clients.SelectMany(client => client.History);

    /// <summary>Looks at all replicas between two turns.</summary>
    public void Watch()
    {
        if (cluster.Clients.Select(client => client.Failure).FirstOrDefault(failure => failure is not null) is { } reason)
        {
            throw new SimulationViolationException($"a client was thrown at: {reason}");
        }

        foreach (var datacenter in cluster.Datacenters)
        {
            if (datacenter.StartFailure is { } failure)
            {
                throw new SimulationViolationException($"dc{datacenter.Number} did not start: {failure}");
            }

            for (uint number = 0; number < cluster.Placement.Topology.BucketCount.Value; number++)
            {
                Watch(datacenter, new BucketId(number));
            }
        }
    }

    /// <summary>After everything was healed: every replica has the same state, and the histories are linearizable.</summary>
    public void CheckEnd()
    {
        Watch();
        CheckLiveness();
        foreach (var key in Operations.GroupBy(operation => operation.Key))
        {
            // A compare-and-set that failed its condition says something, a request that was never proposed says nothing.
            var history = key.Where(operation => operation.Outcome != SimOutcome.Failed).ToList();
            if (history.Count <= LinearizabilityChecker.MaxOperations && !LinearizabilityChecker.IsLinearizable(history))
            {
                throw new SimulationViolationException(
                    $"the history of key {key.Key} is not linearizable:\n{string.Join('\n', history.OrderBy(operation => operation.Begin))}");
            }
        }
    }

    private void Watch(SimDatacenter datacenter, BucketId bucket)
    {
        if (datacenter.Silo is not { } silo)
        {
            return;
        }

        if (silo.FailureOf(bucket) is { } failure)
        {
            throw new SimulationViolationException($"bucket {bucket} of dc{datacenter.Number} failed: {failure}");
        }

        if (silo.StatusOf(bucket) is not { } status)
        {
            return;
        }

        cluster.World.Observe(bucket.Number, status.Term.Value, (ulong)status.Role, status.Commit.Value, status.Applied.Value);
        if (status.Role == RaftRole.Leader && silo.IsActive(bucket) && !_leaders.TryAdd((bucket, status.Term), datacenter.Number)
            && _leaders[(bucket, status.Term)] != datacenter.Number)
        {
            throw new SimulationViolationException(
                $"bucket {bucket} has two leaders in term {status.Term}: dc{_leaders[(bucket, status.Term)]} and dc{datacenter.Number} (Raft figure 3, election safety)");
        }

        if (silo.ViewOf(bucket) is { } view)
        {
            CheckState(datacenter, bucket, status.Applied, StateHash.Compute(view));
        }
    }

    /// <summary>State machine safety (Raft figure 3) by content: equal state at equal applied index, also over restarts and snapshots.</summary>
    private void CheckState(SimDatacenter datacenter, BucketId bucket, LogIndex applied, ulong hash)
    {
        if (!_states.TryAdd((bucket, applied), hash) && _states[(bucket, applied)] != hash)
        {
            throw new SimulationViolationException($"bucket {bucket} of dc{datacenter.Number} differs from another replica at applied index {applied}");
        }
    }

    private void CheckLiveness()
    {
        // Reads through every datacenter, of every key, must be answered by a healthy store.
        var reads = (
            from datacenter in cluster.Datacenters
            from key in Enumerable.Range(0, SimClient.Keys)
            select cluster.Clients[0].Run(() => cluster.ReadAtEnd(datacenter, key))).ToList();
        foreach (var read in reads)
        {
            var status = cluster.World.Await(read, TimeSpan.FromSeconds(15));
            if (status is not (ReadStatus.Found or ReadStatus.NotFound))
            {
                throw new SimulationViolationException($"a healthy store answers a read with {status}");
            }
        }
    }
}
