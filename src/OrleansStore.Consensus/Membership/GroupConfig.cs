using System.Collections.Immutable;

namespace OrleansStore.Consensus.Membership;

/// <summary>The members of a Raft group and their parts in it. Immutable; every list is sorted and free of duplicates.</summary>
/// <remarks>While <see cref="VotersOutgoing"/> is not empty the configuration is joint: elections and commitment need a majority of both halves
/// (Raft section 6, Raft thesis section 4.3).</remarks>
public sealed class GroupConfig : IEquatable<GroupConfig>
{
    /// <summary>No members.</summary>
    public static readonly GroupConfig Empty = new([], [], [], [], autoLeave: false);

    private GroupConfig(
        ImmutableArray<ReplicaId> voters,
        ImmutableArray<ReplicaId> votersOutgoing,
        ImmutableArray<ReplicaId> learners,
        ImmutableArray<ReplicaId> learnersNext,
        bool autoLeave)
    {
        Voters = voters;
        VotersOutgoing = votersOutgoing;
        Learners = learners;
        LearnersNext = learnersNext;
        AutoLeave = autoLeave;
    }

    /// <summary>The voters; in a joint configuration those of the incoming half.</summary>
    public ImmutableArray<ReplicaId> Voters { get; }

    /// <summary>The voters of the outgoing half; empty unless the configuration is joint.</summary>
    public ImmutableArray<ReplicaId> VotersOutgoing { get; }

    /// <summary>Members that receive entries but neither vote nor count for commitment.</summary>
    public ImmutableArray<ReplicaId> Learners { get; }

    /// <summary>Voters of the outgoing half that become learners when the joint configuration is left.</summary>
    public ImmutableArray<ReplicaId> LearnersNext { get; }

    /// <summary>Whether the leader itself leaves the joint configuration as soon as it has applied it.</summary>
    public bool AutoLeave { get; }

    /// <summary>Whether both halves of a membership change are in force.</summary>
    public bool IsJoint => !VotersOutgoing.IsEmpty;

    /// <summary>Creates a configuration. The lists may be given in any order.</summary>
    /// <param name="voters">The voters, or the incoming half of a joint configuration.</param>
    /// <param name="learners">The learners.</param>
    /// <param name="votersOutgoing">The outgoing half of a joint configuration.</param>
    /// <param name="learnersNext">Voters of the outgoing half that become learners afterwards.</param>
    /// <param name="autoLeave">Whether the leader leaves the joint configuration by itself.</param>
    /// <exception cref="ArgumentException">An id is <see cref="ReplicaId.None"/>, or stands twice in one list.</exception>
    public static GroupConfig Create(
        IEnumerable<ReplicaId> voters,
        IEnumerable<ReplicaId>? learners = null,
        IEnumerable<ReplicaId>? votersOutgoing = null,
        IEnumerable<ReplicaId>? learnersNext = null,
        bool autoLeave = false) =>
        new(Sort(voters), Sort(votersOutgoing), Sort(learners), Sort(learnersNext), autoLeave);

    /// <summary>Whether <paramref name="id"/> votes in either half.</summary>
    public bool IsVoter(ReplicaId id) => Voters.BinarySearch(id) >= 0 || VotersOutgoing.BinarySearch(id) >= 0;

    /// <summary>Whether <paramref name="id"/> is a learner now; a voter that becomes one later is not.</summary>
    public bool IsLearner(ReplicaId id) => Learners.BinarySearch(id) >= 0;

    /// <summary>Whether <paramref name="id"/> has any part in the group.</summary>
    public bool IsMember(ReplicaId id) => IsVoter(id) || IsLearner(id);

    /// <summary>All members, each once, sorted.</summary>
    public ImmutableArray<ReplicaId> Members() => [.. Voters.Concat(VotersOutgoing).Concat(Learners).Concat(LearnersNext).Distinct().Order()];

    /// <inheritdoc/>
    public bool Equals(GroupConfig? other) =>
        other is not null &&
        Voters.AsSpan().SequenceEqual(other.Voters.AsSpan()) &&
        VotersOutgoing.AsSpan().SequenceEqual(other.VotersOutgoing.AsSpan()) &&
        Learners.AsSpan().SequenceEqual(other.Learners.AsSpan()) &&
        LearnersNext.AsSpan().SequenceEqual(other.LearnersNext.AsSpan()) &&
        AutoLeave == other.AutoLeave;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GroupConfig);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // FNV-1a: System.HashCode is seeded per process, and nothing here may depend on the process.
        var hash = 14695981039346656037UL;
        foreach (var id in Members())
        {
            hash = unchecked((hash ^ id.Value) * 1099511628211UL);
        }

        return unchecked((int)(hash ^ (hash >> 32)));
    }

    /// <summary>The configuration as <c>(incoming)&amp;&amp;(outgoing) learners=(…) learnersNext=(…) autoLeave</c>; empty parts are left out.</summary>
    public override string ToString()
    {
        var text = $"({string.Join(' ', Voters)})";
        if (IsJoint)
        {
            text += $"&&({string.Join(' ', VotersOutgoing)})";
        }

        if (!Learners.IsEmpty)
        {
            text += $" learners=({string.Join(' ', Learners)})";
        }

        if (!LearnersNext.IsEmpty)
        {
            text += $" learnersNext=({string.Join(' ', LearnersNext)})";
        }

        return AutoLeave ? text + " autoLeave" : text;
    }

    private static ImmutableArray<ReplicaId> Sort(IEnumerable<ReplicaId>? ids)
    {
        if (ids is null)
        {
            return [];
        }

        ImmutableArray<ReplicaId> sorted = [.. ids.Order()];
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] == ReplicaId.None)
            {
                throw new ArgumentException("A member needs an id other than 0.", nameof(ids));
            }

            if (i > 0 && sorted[i] == sorted[i - 1])
            {
                throw new ArgumentException($"Replica {sorted[i]} stands twice in one list.", nameof(ids));
            }
        }

        return sorted;
    }
}
