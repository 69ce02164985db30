using OrleansStore.Consensus.Membership;

namespace OrleansStore.Service.Replicas;

/// <summary>Decides the next step that brings a bucket's group to the members it should have: add a learner, then swap it in through a joint configuration. Pure.</summary>
/// <remarks>A wiped datacenter comes back under a new incarnation, which has neither the votes nor the entries of the old one. It becomes a voter only when it has caught
/// up, and in the same step the old one goes, so that the majority never grows beyond those that can answer.</remarks>
internal static class MembershipStep
{
    /// <summary>Returns the next change; null where the group is as it should be, or the step before is not finished.</summary>
    /// <param name="config">The configuration in force.</param>
    /// <param name="wanted">The datacenters that should have a voter.</param>
    /// <param name="around">The incarnations.</param>
    /// <param name="isCaughtUp">Whether a learner holds nearly everything that is committed.</param>
    public static ConfigChange? Next(GroupConfig config, ReadOnlySpan<DatacenterId> wanted, Surroundings around, Func<ReplicaId, bool> isCaughtUp)
    {
        if (config.IsJoint)
        {
            // Joint configurations of ours are left by the leader itself.
            return null;
        }

        foreach (var datacenter in wanted)
        {
            var current = around.Current(datacenter);
            if (current == ReplicaId.None || config.IsVoter(current))
            {
                continue;
            }

            if (!config.IsLearner(current))
            {
                return new ConfigChange(ConfigTransition.Auto, [new MemberChange(ConfigChangeType.AddLearner, current)]);
            }

            if (isCaughtUp(current))
            {
                var outdated = config.Voters.Where(voter => voter.Datacenter == datacenter.Value && voter != current);
                return new ConfigChange(
                    ConfigTransition.JointImplicit,
                    [new MemberChange(ConfigChangeType.AddVoter, current), .. outdated.Select(voter => new MemberChange(ConfigChangeType.Remove, voter))]);
            }
        }

        return null;
    }

    /// <summary>Whether the group is as it should be.</summary>
    /// <param name="config">The configuration in force.</param>
    /// <param name="wanted">The datacenters that should have a voter.</param>
    /// <param name="around">The incarnations.</param>
    public static bool IsSettled(GroupConfig config, ReadOnlySpan<DatacenterId> wanted, Surroundings around)
    {
        foreach (var datacenter in wanted)
        {
            if (!config.IsVoter(around.Current(datacenter)))
            {
                return false;
            }
        }

        return !config.IsJoint;
    }
}
