using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using static OrleansStore.Buckets.Tests.Replicas.ReplicaGroup;

namespace OrleansStore.Buckets.Tests.Replicas;

[Trait("Category", "Unit")]
public sealed class BucketReplicaTests
{
    [Fact]
    public void Write_IsThereInAllReplicas_WhenItWasAnswered()
    {
        var group = new ReplicaGroup();
        group.Elect(1);

        var result = group.Write(1, Transaction.Of(Put("a", "1")));

        Assert.Equal((WriteStatus.Applied, new Revision(1)), (result.Status, result.Revision));
        Assert.InRange(result.DurableCopies, 2, 3);
        Assert.Equal("1"u8.ToArray(), group.Read(1, "a").Record!.Value.ToArray());
        group.Tick(5);
        for (var id = 1; id <= 3; id++)
        {
            var eventual = group.Ask(id, new ReadRequest(Key("a"), ReadConsistency.Eventual, group.Later)).Read!;
            Assert.Equal(ReadStatus.Found, eventual.Status);
        }
    }

    [Fact]
    public void Write_IsNotAnswered_BeforeAMajorityHasItDurably()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[2].HoldsWrites = group[3].HoldsWrites = true;

        var token = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("a", "1")), group.Later));
        group.Settle();
        Assert.False(group[1].HasReply(token));

        group[2].HoldsWrites = false;
        group[2].Replica.CompleteWrite(group.Time, group[2].Writes[^1].Token);
        group.Settle();
        Assert.Equal(WriteStatus.Applied, group[1].TakeReply(token).Write!.Status);
    }

    // hashicorp/raft#503: a leader whose disk stands still keeps the group waiting for as long.
    [Fact]
    public void Leadership_MovesOn_WhenTheLeadersDiskStandsStill()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[1].HoldsWrites = true;
        var token = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("a", "1")), group.Later));
        group.Tick(10);
        Assert.Equal(RaftRole.Leader, group[1].Replica.Status.Role);
        Assert.False(group[1].HasReply(token));

        group.Tick(20);
        var leader = Assert.Single([2, 3], id => group[id].Replica.Status.Role == RaftRole.Leader);
        Assert.Equal(ReadStatus.Found, group.Read(leader, "a").Status);
        Assert.Equal(WriteStatus.Applied, group.Write(leader, Transaction.Of(Put("b", "2"))).Status);

        group[1].HoldsWrites = false;
        group[1].Replica.CompleteWrite(group.Time, group[1].Writes[^1].Token);
        group.Tick(10);
        Assert.Equal(WriteStatus.Applied, group[1].TakeReply(token).Write!.Status);
        Assert.Equal(group[leader].Replica.Status.Applied, group[1].Replica.Status.Applied);
    }

    [Fact]
    public void Leadership_Stays_WhenNobodyElseHoldsTheWholeLog()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[1].HoldsWrites = group[2].HoldsWrites = group[3].HoldsWrites = true;
        group.Submit(1, new WriteRequest(default, Transaction.Of(Put("a", "1")), group.Later));
        var term = group[1].Replica.Status.Term;

        for (var i = 0; i < 40; i++)
        {
            // Nobody is handed anything, or else writes would be refused meanwhile.
            group.Tick(5);
            var token = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("b", "2")), group.Later));
            group.Settle();
            Assert.False(group[1].HasReply(token));
        }

        Assert.Equal(RaftRole.Leader, group[1].Replica.Status.Role);
        Assert.Equal(term, group[1].Replica.Status.Term);
    }

    // Seed 102261: a leader whose log began behind the first entry, and whose snapshot was older than what a new member had from another leader, offered it for ever.
    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void OldSnapshot_TellsTheLeaderWhatIsCommittedHere(int ahead, bool isAnswered)
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        group.Tick(2);
        var status = group[3].Replica.Status;
        var metadata = new SnapshotMetadata(new LogIndex((ulong)((long)status.Commit.Value + ahead)), status.Term, status.Config);

        group[3].Replica.DeclineSnapshot(group.Time, new RaftMessage
        {
            Type = RaftMessageType.InstallSnapshot, From = new ReplicaId(1), To = new ReplicaId(3), Term = status.Term, Snapshot = new RaftSnapshot(metadata, 7),
        });

        var answers = group[3].Flush(group.Time).Where(message => message.Type == RaftMessageType.AppendResponse).ToList();
        Assert.Equal(isAnswered ? [status.Commit] : [], answers.Select(answer => answer.Index));
        Assert.All(answers, answer => Assert.False(answer.Reject));
    }

    [Fact]
    public void Follower_NamesTheLeader_WhenItIsAsked()
    {
        var group = new ReplicaGroup();
        group.Elect(1);

        var write = group.Ask(2, new WriteRequest(default, Transaction.Of(Put("a", "1")), group.Later));
        var read = group.Ask(3, new ReadRequest(Key("a"), ReadConsistency.Linearizable, group.Later));

        Assert.Equal((WriteStatus.NotLeader, new ReplicaId(1)), (write.Write!.Status, write.Leader));
        Assert.Equal((ReadStatus.NotLeader, new ReplicaId(1)), (read.Read!.Status, read.Leader));
    }

    // Invariant 4: the first answer, whatever the guards would say now; also where the copy comes while the first one is not committed.
    [Fact]
    public void RetriedRequest_GetsItsFirstAnswer()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        var identity = new RequestIdentity(RequestId.ForKey("order-66"));
        var create = Transaction.Of(Put("a", "1"), Guard.NotExists(Key("a")));

        var first = group.Submit(1, new WriteRequest(identity, create, group.Later));
        var copy = group.Submit(1, new WriteRequest(identity, create, group.Later));
        group.Settle();
        var late = group.Write(1, create, identity);

        var answers = new[] { group[1].TakeReply(first).Write!, group[1].TakeReply(copy).Write!, late };
        Assert.All(answers, answer => Assert.Equal((WriteStatus.Applied, new Revision(1)), (answer.Status, answer.Revision)));
        Assert.All(answers, answer => Assert.InRange(answer.DurableCopies, 2, 3));
        Assert.Equal(WriteStatus.IdempotencyMismatch, group.Write(1, Transaction.Of(Put("a", "2")), identity).Status);
    }

    [Fact]
    public void FailedGuard_IsAnsweredWithoutTheLog_OnlyWhereNothingCouldChangeIt()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        var guarded = Transaction.Of(Put("a", "2"), Guard.NotExists(Key("a")));
        var last = group[1].Replica.Status.LastIndex;

        Assert.Equal(WriteStatus.PreconditionFailed, group.Write(1, guarded).Status);
        Assert.Equal(last, group[1].Replica.Status.LastIndex);

        // A delete that is pending could make the guard true.
        var delete = group.Submit(1, new WriteRequest(default, Transaction.Of(Operation.Delete(Key("a"))), group.Later));
        var write = group.Submit(1, new WriteRequest(default, guarded, group.Later));
        group.Settle();
        Assert.Equal(WriteStatus.Applied, group[1].TakeReply(delete).Write!.Status);
        Assert.Equal(WriteStatus.Applied, group[1].TakeReply(write).Write!.Status);

        // A caller's own key must be remembered with its answer.
        last = group[1].Replica.Status.LastIndex;
        Assert.Equal(WriteStatus.PreconditionFailed, group.Write(1, guarded, new RequestIdentity(RequestId.ForKey("k"))).Status);
        Assert.Equal(last.Next, group[1].Replica.Status.LastIndex);

        // So must one of a caller's session, copies of which may come over other datacenters.
        last = group[1].Replica.Status.LastIndex;
        var ofSession = new RequestIdentity(RequestId.ForSession(SessionId.Create(group.Time.Wall, 1, 1), 1));
        Assert.Equal(WriteStatus.PreconditionFailed, group.Ask(1, new WriteRequest(ofSession, guarded, group.Later, RemembersRejection: true)).Write!.Status);
        Assert.Equal(last.Next, group[1].Replica.Status.LastIndex);
    }

    // Invariant 5: the time being up says nothing about the write.
    [Fact]
    public void Write_IsUnknown_WhenItsTimeIsUpAfterItWasProposed()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[2].IsCut = group[3].IsCut = true;
        var proposed = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("a", "1")), group.Time.Now + TimeSpan.FromMilliseconds(300)));
        group.Tick(6);
        Assert.Equal(WriteStatus.OutcomeUnknown, group[1].TakeReply(proposed).Write!.Status);

        // One that never found a leader was provably not proposed.
        group.Tick(40);
        Assert.NotEqual(RaftRole.Leader, group[1].Replica.Status.Role);
        var waiting = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("b", "1")), group.Time.Now + TimeSpan.FromMilliseconds(300)));
        group.Tick(6);
        Assert.Equal(WriteStatus.Unavailable, group[1].TakeReply(waiting).Write!.Status);

        // And one whose time was up when it came was not even looked at.
        Assert.Equal(WriteStatus.Unavailable, group.Ask(1, new WriteRequest(default, Transaction.Of(Put("c", "1")), group.Time.Now)).Write!.Status);
    }

    [Fact]
    public void Write_IsRefused_WhenAnotherLeaderOverwroteIt()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[1].IsCut = true;
        var lost = group.Submit(1, new WriteRequest(default, Transaction.Of(Put("a", "lost")), group.Later));
        group.Settle();
        group.Tick(60);
        Assert.Contains(new[] { group[2], group[3] }, member => member.Replica.Status.Role == RaftRole.Leader);
        var leader = group[2].Replica.Status.Role == RaftRole.Leader ? 2 : 3;
        group.Write(leader, Transaction.Of(Put("a", "kept")));

        group[1].IsCut = false;
        group.Tick(10);

        Assert.Equal(WriteStatus.NotLeader, group[1].TakeReply(lost).Write!.Status);
        Assert.Equal("kept"u8.ToArray(), group.Ask(1, new ReadRequest(Key("a"), ReadConsistency.Eventual, group.Later)).Read!.Record!.Value.ToArray());
    }

    [Fact]
    public void IsolatedLeader_AnswersNoLinearizableRead()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        group[1].IsCut = true;
        group.Tick(14);

        var token = group.Submit(1, new ReadRequest(Key("a"), ReadConsistency.Linearizable, group.Time.Now + TimeSpan.FromSeconds(3)));
        group.Tick(70);

        Assert.Contains(group[1].TakeReply(token).Read!.Status, new[] { ReadStatus.NotLeader, ReadStatus.Unavailable });
    }

    [Fact]
    public void Reads_AreAnsweredByARound_WhenTheLeaseIsGone()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        group.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ReadStatus.Found, group.Read(1, "a").Status);
    }

    [Fact]
    public void FullDisk_RefusesWritesButNotDeletesAndReads()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        group[1].Replica.RefusesWritesWith = WriteStatus.DiskFull;

        Assert.Equal(WriteStatus.DiskFull, group.Write(1, Transaction.Of(Put("b", "1"))).Status);
        Assert.Equal(ReadStatus.Found, group.Read(1, "a").Status);
        Assert.Equal(WriteStatus.Applied, group.Write(1, Transaction.Of(Operation.Delete(Key("a")))).Status);
    }

    [Fact]
    public void TooManyRequests_AreThrottled()
    {
        var group = new ReplicaGroup(options => new BucketReplicaOptions { Raft = options.Raft, MaxPendingRequests = 2 });
        group.Elect(1);
        var tokens = Enumerable.Range(0, 3).Select(i => group.Submit(1, new WriteRequest(default, Transaction.Of(Put($"k{i}", "1")), group.Later))).ToArray();
        group.Settle();

        Assert.Equal(WriteStatus.Applied, group[1].TakeReply(tokens[1]).Write!.Status);
        var throttled = group[1].TakeReply(tokens[2]).Write!;
        Assert.Equal(WriteStatus.Throttled, throttled.Status);
        Assert.NotNull(throttled.RetryAfter);
    }

    [Fact]
    public void Outcome_IsTrueForGood()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        var done = new RequestIdentity(RequestId.ForKey("done"));
        var never = RequestId.ForKey("never");
        group.Write(1, Transaction.Of(Put("a", "1")), done);

        Assert.Equal(OutcomeStatus.Applied, group.Ask(1, new OutcomeRequest(done.Id, null, group.Later)).Outcome!.Status);
        Assert.Equal(OutcomeStatus.NeverApplied, group.Ask(1, new OutcomeRequest(never, null, group.Later)).Outcome!.Status);

        // The late copy is refused.
        Assert.Equal(WriteStatus.NeverApplied, group.Write(1, Transaction.Of(Put("b", "1")), new RequestIdentity(never)).Status);
        Assert.Equal(ReadStatus.NotFound, group.Read(1, "b").Status);
    }

    // Ticks come when a heartbeat is due, so this is the tick at which a leader finds that it is idle. A heartbeat that travels behind the handshake would wake the members again.
    [Fact]
    public void Leader_SendsNoHeartbeat_InTheTickThatBeginsTheSleep()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        var leader = group[1].Replica;
        for (var ticks = 0; leader.Status.Hibernation == HibernationPhase.Awake; ticks++)
        {
            Assert.True(ticks < 1000, "it stays awake");
            group.Settle();
            group.Advance(TimeSpan.FromMilliseconds(50));
            if (leader.TicksUntilDue > 1)
            {
                leader.PassTicks(1);
            }
            else
            {
                leader.Tick(group.Time);
            }
        }

        leader.Flush();
        Assert.Equal(2, leader.Effects.Messages.Count(message => message.Type == RaftMessageType.Hibernate));
        Assert.DoesNotContain(leader.Effects.Messages, message => message.Type == RaftMessageType.Heartbeat);
    }

    [Fact]
    public void IdleGroup_FallsAsleepAndLeavesMemory_AndWakesByARequest()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group.Write(1, Transaction.Of(Put("a", "1")));
        group.Tick(120);

        for (var id = 1; id <= 3; id++)
        {
            Assert.True(group[id].Replica.CanDeactivate, $"replica {id}: {group[id].Replica.Status}");
            Assert.Equal(group[1].Replica.Status.Commit, group[id].Replica.Status.Applied);
        }

        // The commit index was stored before: the next activation knows what is committed.
        Assert.All(Enumerable.Range(1, 3), id => Assert.Equal(
            group[id].Replica.Status.Commit, group[id].Writes.Last(write => write.HardState is not null).HardState!.Value.Commit));

        var token = group.Submit(1, new ReadRequest(Key("a"), ReadConsistency.Linearizable, group.Later), campaignsFirst: true);
        group.Settle();
        Assert.Equal(ReadStatus.Found, group[1].TakeReply(token).Read!.Status);
    }

    [Fact]
    public void Snapshot_IsTakenAndTheLogShortened_AndAFollowerFarBehindGetsIt()
    {
        var group = new ReplicaGroup(options => new BucketReplicaOptions { Raft = options.Raft, MinSnapshotLogBytes = 3_000, TrailingLogBytes = 500 });
        group.Elect(1);
        group[3].IsCut = true;
        for (var i = 0; i < 200; i++)
        {
            group.Write(1, Transaction.Of(Put($"key-{i % 20}", $"value-{i}")));
        }

        Assert.True(group[1].SnapshotsTaken > 1);
        Assert.Contains(group[1].Writes, write => write.CompactedTo is not null);

        group[3].IsCut = false;
        group.Tick(20);
        Assert.Contains(group[3].Writes, write => write.InstalledSnapshot is not null);
        Assert.Equal(group[1].Replica.Status.Applied, group[3].Replica.Status.Applied);
        Assert.Equal(
            StateHash.Compute(group[1].Replica.State.TakeView()), StateHash.Compute(group[3].Replica.State.TakeView()));
    }

    [Fact]
    public void Record_EndsInTime_WhenItHasAnExpiry()
    {
        var group = new ReplicaGroup(options => new BucketReplicaOptions { Raft = options.Raft, HibernateAfter = TimeSpan.FromMinutes(1) });
        group.Elect(1);
        group.Write(1, Transaction.Of(Operation.Put(Key("a"), "1"u8.ToArray(), "text/plain", Expiry.After(TimeSpan.FromSeconds(2)))));
        Assert.NotNull(group[1].Replica.WakeAt);
        Assert.Contains(group[1].Writes, write => write.DueTime?.At == group[1].Replica.WakeAt);

        group.Tick(45);
        Assert.Equal(ReadStatus.NotFound, group.Read(1, "a").Status);
        Assert.Null(group[1].Replica.WakeAt);
        Assert.Equal(new DueTimeChange(null), group[1].Writes.Last(write => write.DueTime is not null).DueTime);
    }

    [Fact]
    public void Commit_AloneCausesNoWrite()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[1].Writes.Clear();
        group.Write(1, Transaction.Of(Put("a", "1")));
        group.Tick(5);

        Assert.Single(group[1].Writes);
    }

    // Storage takes an append of a bounded size; a turn may bring more than that.
    [Fact]
    public void LargeTurn_IsWrittenInPieces_WithTheTermFirstAndTheCommitLast()
    {
        var group = new ReplicaGroup(options => new BucketReplicaOptions { Raft = options.Raft, MaxWriteBytes = 1_000 });
        group.Elect(1);
        group[1].Writes.Clear();
        var tokens = Enumerable.Range(0, 50).Select(i => group.Submit(1, new WriteRequest(default, Transaction.Of(Put($"k{i}", new string('v', 100))), group.Later))).ToArray();
        group.Settle();

        Assert.All(tokens, token => Assert.Equal(WriteStatus.Applied, group[1].TakeReply(token).Write!.Status));
        var pieces = group[1].Writes.Where(write => !write.Entries.IsEmpty).ToArray();
        Assert.True(pieces.Length > 5);
        var last = pieces[0].Entries.Span[0].Index.Previous;
        foreach (var piece in pieces)
        {
            Assert.Equal(last.Next, piece.Entries.Span[0].Index);
            last = piece.Entries.Span[^1].Index;
            Assert.True(piece.HardState is null || piece.HardState.Value.Commit <= last, "the commit index is beyond the log");
        }
    }

    [Fact]
    public void Member_IsNotCaughtUp_BeforeItHoldsAnything()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        var newcomer = new ReplicaId(9);
        var added = new ConfigChange(ConfigTransition.Auto, [new MemberChange(ConfigChangeType.AddLearner, newcomer)]);
        Assert.Equal(ProposeStatus.Appended, group[1].Replica.ProposeConfigChange(group.Time, added).Status);
        group.Settle();

        Assert.True(group[1].Replica.Config.IsLearner(newcomer));
        Assert.True(group[1].Replica.IsCaughtUp(new ReplicaId(2)));
        Assert.False(group[1].Replica.IsCaughtUp(newcomer), "however short the log is");
    }

    [Fact]
    public void Leader_StaysAwake_WhileItsGroupIsNotAsItShouldBe()
    {
        var group = new ReplicaGroup();
        group.Elect(1);
        group[1].Replica.IsChangingMembers = true;
        group.Tick(200);
        Assert.Equal(HibernationPhase.Awake, group[1].Replica.Status.Hibernation);

        group[1].Replica.IsChangingMembers = false;
        group.Tick(200);
        Assert.Equal(HibernationPhase.Asleep, group[1].Replica.Status.Hibernation);
    }
}
