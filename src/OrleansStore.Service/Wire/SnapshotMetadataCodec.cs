using System.Collections.Immutable;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a <see cref="SnapshotMetadata"/>.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// metadata   index v, at least 1 | term v, at least 1 | options 1: bit 0 the leader leaves the joint configuration by itself, others 0
///            | voters | outgoing voters | learners | next learners
/// list       count 1, of voters at least 1 | replica ids 8 each, ascending
/// </code>
/// </remarks>
internal static class SnapshotMetadataCodec
{
    private const byte AutoLeave = 1;

    public static void Write(ref WireWriter writer, SnapshotMetadata metadata)
    {
        Invariant.Check(!metadata.IsEmpty && metadata.Term != Term.None, "a snapshot stands for a place in the log");
        Invariant.Check(!metadata.Config.Voters.IsEmpty, "a group has voters");
        writer.Varint(metadata.Index.Value);
        writer.Varint(metadata.Term.Value);
        writer.Byte(metadata.Config.AutoLeave ? AutoLeave : (byte)0);
        Write(ref writer, metadata.Config.Voters);
        Write(ref writer, metadata.Config.VotersOutgoing);
        Write(ref writer, metadata.Config.Learners);
        Write(ref writer, metadata.Config.LearnersNext);
    }

    public static SnapshotMetadata Read(ref WireReader reader)
    {
        var index = new LogIndex(reader.Varint("snapshot index", 1, ulong.MaxValue));
        var term = new Term(reader.Varint("snapshot term", 1, ulong.MaxValue));
        var options = reader.Options("configuration options", AutoLeave);
        var voters = Read(ref reader, "voters");
        reader.Require(!voters.IsEmpty, "voters", 0);
        var outgoing = Read(ref reader, "outgoing voters");
        var learners = Read(ref reader, "learners");
        var next = Read(ref reader, "next learners");
        try
        {
            return new SnapshotMetadata(index, term, GroupConfig.Create(voters, learners, outgoing, next, options == AutoLeave));
        }
        catch (ArgumentException e)
        {
            throw new CorruptionException($"The configuration of a snapshot breaks a rule: {e.Message}", e);
        }
    }

    private static void Write(ref WireWriter writer, ImmutableArray<ReplicaId> members)
    {
        Invariant.Check(members.Length <= WireLimits.MaxMembersPerList, $"members={members.Length} must be at most {WireLimits.MaxMembersPerList}");
        writer.Byte((byte)members.Length);
        foreach (var member in members)
        {
            writer.Fixed64(member.Value);
        }
    }

    private static ImmutableArray<ReplicaId> Read(ref WireReader reader, string field)
    {
        var count = reader.Byte(field);
        var members = ImmutableArray.CreateBuilder<ReplicaId>(count);
        for (var i = 0; i < count; i++)
        {
            var member = new ReplicaId(reader.Fixed64(field));

            // Create sorts, so another order would be a second encoding of the same configuration.
            reader.Require(i == 0 || member > members[^1], field, member.Value);
            members.Add(member);
        }

        return members.MoveToImmutable();
    }
}
