using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

/// <summary>Storage that is slower than the protocol.</summary>
[Trait("Category", "Unit")]
public sealed class StorageRaceTests
{
    private static readonly MonotonicTime Now = new(1_000_000);
    private static readonly ReplicaId Self = new(1);

    // An entry is written in one term, overwritten in the next, and appended again as it was by a third leader, while all writes are still under way.
    // The acknowledgement of the first write names the entry that now stands there, and yet that copy of it is not durable.
    [Fact]
    public void OldAcknowledgement_DoesNotCountForEntriesThatWereAppendedAgain()
    {
        var config = GroupConfig.Create([new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)]);
        var core = new RaftCore(
            new RaftOptions { Id = Self }, new RaftStartState { Config = config }, new NoSnapshots(), new SplitMix64(1), Now);
        var first = Append(core, leader: 2, term: 1, entryTerm: 1);
        var second = Append(core, leader: 3, term: 2, entryTerm: 2);
        var third = Append(core, leader: 2, term: 3, entryTerm: 1);

        core.AcknowledgeAppend(Now, first);
        Assert.Equal(LogIndex.None, core.DurableIndex);
        core.AcknowledgeAppend(Now, second);
        Assert.Equal(LogIndex.None, core.DurableIndex);
        core.AcknowledgeAppend(Now, third);
        Assert.Equal(new LogIndex(1), core.DurableIndex);
    }

    // Raft thesis, section 6.4, step 1.
    [Fact]
    public void NewLeader_HoldsReadsBack_UntilAnEntryOfItsTermIsCommitted()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        group.Advance(TimeSpan.FromSeconds(2));
        group[1].IsCut = true;
        group[2].Core.Campaign(group.Now);
        while (group[2].Core.Role != RaftRole.Leader)
        {
            Assert.True(group.Collect(), "the election came to a halt");
            group.DeliverSent();
        }

        group.Collect();
        var appends = group.Take(RaftMessageType.Append);
        group[2].Core.ReadIndex(group.Now, 7);
        for (var i = 0; i < 3; i++)
        {
            group[2].Core.Tick(group.Now);
        }

        Settle(group);
        Assert.Empty(group[2].Reads);

        appends.ForEach(group.Deliver);
        group.Settle();
        Assert.Equal(7UL, Assert.Single(group[2].Reads).RequestId);
    }

    private static void Settle(TestGroup group)
    {
        // Everything but appends: their answers would commit.
        while (group.Collect())
        {
            group.Take(RaftMessageType.Append);
            group.DeliverSent();
        }
    }

    private static Ready Append(RaftCore core, ulong leader, ulong term, ulong entryTerm)
    {
        core.Step(Now, new RaftMessage
        {
            Type = RaftMessageType.Append,
            From = new ReplicaId(leader),
            To = Self,
            Term = new Term(term),
            Entries = new[] { new Entry(new Term(entryTerm), new LogIndex(1), EntryType.Normal, new byte[] { 1 }) },
        });
        var ready = new Ready();
        core.TakeReady(ready);
        Assert.Equal(1, ready.Entries.Length);
        return ready;
    }
}
