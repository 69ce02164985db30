using System.Globalization;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Quorums;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus.Tests.Conformance;

internal static class QuorumVectors
{
    public static void Run(JsonElement body)
    {
        ReplicaId[] incoming = [.. body.Ids("incoming")];
        ReplicaId[] outgoing = [.. body.Ids("outgoing")];
        Check(body, incoming, outgoing);
        if (body.Bool("joint"))
        {
            Check(body, outgoing, incoming);
        }
        else
        {
            Check(body, incoming, incoming);
        }
    }

    private static void Check(JsonElement body, ReplicaId[] incoming, ReplicaId[] outgoing)
    {
        var tracker = new ProgressTracker(1, 0);
        tracker.SwitchTo(GroupConfig.Create(incoming, votersOutgoing: outgoing), LogIndex.None);
        var expect = body.GetProperty("expect");
        if (body.Text("kind") == "committed")
        {
            foreach (var acked in body.GetProperty("acked").EnumerateObject())
            {
                tracker.Find(IdOf(acked))?.TryAdvanceMatch(new LogIndex(acked.Value.GetUInt64()));
            }

            var committed = expect.GetProperty("committed");
            Assert.Equal(committed.ValueKind == JsonValueKind.String ? Quorum.Everything : committed.GetUInt64(), tracker.CommittedIndex().Value);
        }
        else
        {
            foreach (var vote in body.GetProperty("votes").EnumerateObject())
            {
                tracker.RecordVote(IdOf(vote), vote.Value.GetBoolean());
            }

            Assert.Equal(expect.Text("vote"), tracker.TallyVotes().ToString().ToLowerInvariant());
        }
    }

    private static ReplicaId IdOf(JsonProperty property) => new(ulong.Parse(property.Name, CultureInfo.InvariantCulture));
}
