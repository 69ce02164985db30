using System.Text.Json;
using OrleansStore.Consensus.Log;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Quorums;
using OrleansStore.Consensus.Replication;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Scenario cases that are one function call.</summary>
internal static class PureVectors
{
    public static void Run(JsonElement body)
    {
        var expect = body.GetProperty("expect");
        switch (body.Text("kind"))
        {
            case "log.find_conflict":
                Assert.Equal(expect.U64("index"), LogOf(body).FindConflict(body.GetProperty("entries").EntryRun()).Value);
                break;
            case "log.find_conflict_by_term":
                FindConflictByTerm(body, expect);
                break;
            case "log.is_up_to_date":
                var candidate = body.GetProperty("candidate");
                Assert.Equal(expect.Bool("up_to_date"), LogOf(body).IsUpToDate(IdOf(candidate)));
                break;
            case "log.append":
                Append(body, expect);
                break;
            case "log.maybe_append":
                TryAppend(body, expect);
                break;
            case "log.commit_to":
                CommitTo(body, expect);
                break;
            case "log.compact":
                Compact(body, expect);
                break;
            case "commit_rule":
                CommitRule(body, expect);
                break;
            case "role_transition":
                RoleTransition(body, expect);
                break;
            case "conf_state.equivalent":
                Assert.Equal(expect.Bool("equivalent"), body.GetProperty("a").Config().Equals(body.GetProperty("b").Config()));
                break;
            case "conf_change.is_leave_joint":
                var change = new MemberChange(ConfigChangeType.AddVoter, new ReplicaId(1));
                var transition = body.Change(noChanges: true).Transition;
                Assert.Equal(expect.Bool("leave"), new ConfigChange(transition, [.. Enumerable.Repeat(change, body.Int("change_count"))]).IsLeaveJoint);
                break;
            default:
                ProgressCase(body, expect);
                break;
        }
    }

    private static EntryId IdOf(JsonElement json) => new(new Term(json.U64("term")), new LogIndex(json.U64("index")));

    private static RaftLog LogOf(JsonElement body) => new(default, VectorJson.EntryRun(1, body.Numbers("log_terms")), long.MaxValue);

    private static ulong[] TermsOf(RaftLog log) => [.. log.Slice(log.FirstIndex, log.LastIndex).ToArray().Select(entry => entry.Term.Value)];

    private static void FindConflictByTerm(JsonElement body, JsonElement expect)
    {
        var given = body.GetProperty("log");
        var prev = new EntryId(new Term(given.U64("prev_term")), new LogIndex(given.U64("prev_index")));
        var log = new RaftLog(prev, VectorJson.EntryRun(prev.Index.Value + 1, given.Numbers("terms")), long.MaxValue);
        Assert.Equal(expect.U64("index"), log.FindConflictByTerm(new LogIndex(body.U64("index")), new Term(body.U64("term"))).Index.Value);
    }

    private static void Append(JsonElement body, JsonElement expect)
    {
        var log = LogOf(body);
        log.Append(body.GetProperty("entries").EntryRun());
        Assert.Equal(expect.U64("last_index"), log.LastIndex.Value);
        Assert.Equal(expect.Numbers("log_terms"), TermsOf(log));
        Assert.Equal(expect.U64("first_to_persist"), log.HandedOut.Value + 1);
    }

    private static void TryAppend(JsonElement body, JsonElement expect)
    {
        var log = LogOf(body);
        log.CommitTo(new LogIndex(body.U64("commit")));
        var lastNew = LogIndex.None;
        var accepted = false;
        void Act() => accepted = log.TryAppend(
            IdOf(body.GetProperty("prev")), new LogIndex(body.U64("leader_commit")), body.GetProperty("entries").EntryRun(), out lastNew);
        if (expect.Text("error") is not null)
        {
            Assert.Throws<InvariantViolationException>(Act);
            return;
        }

        Act();
        Assert.Equal(expect.Bool("accepted"), accepted);
        Assert.Equal(expect.U64("last_new_index"), lastNew.Value);
        Assert.Equal(expect.U64("commit"), log.Commit.Value);
    }

    private static void CommitTo(JsonElement body, JsonElement expect)
    {
        var log = LogOf(body);
        log.CommitTo(new LogIndex(body.U64("commit")));
        if (expect.Text("error") is not null)
        {
            Assert.Throws<InvariantViolationException>(() => log.CommitTo(new LogIndex(body.U64("to"))));
            return;
        }

        log.CommitTo(new LogIndex(body.U64("to")));
        Assert.Equal(expect.U64("commit"), log.Commit.Value);
    }

    private static void Compact(JsonElement body, JsonElement expect)
    {
        var last = body.U64("last_index");
        var log = new RaftLog(default, VectorJson.EntryRun(1, [.. Enumerable.Repeat(1UL, (int)last)]), long.MaxValue);
        log.CommitTo(log.LastIndex);
        log.MarkApplied(log.LastIndex, 0);
        foreach (var (to, left) in body.Numbers("compact_to").Zip(expect.GetProperty("entries_left").EnumerateArray()))
        {
            var before = log.FirstIndex;
            if (left.ValueKind == JsonValueKind.Null)
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => log.Compact(new LogIndex(to)));
                Assert.Equal(before, log.FirstIndex);
            }
            else
            {
                log.Compact(new LogIndex(to));
                Assert.Equal(left.GetInt32(), log.Slice(log.FirstIndex, log.LastIndex).Length);
            }
        }
    }

    private static void CommitRule(JsonElement body, JsonElement expect)
    {
        ulong[] match = body.Numbers("match");
        var log = LogOf(body);
        log.TryCommit(new LogIndex(Quorum.MajorityValue(match)), new Term(body.U64("term")));
        Assert.Equal(expect.U64("commit"), log.Commit.Value);
    }

    private static void RoleTransition(JsonElement body, JsonElement expect)
    {
        var node = VectorNode.Create(new ReplicaId(1), GroupConfig.Create([new ReplicaId(1)]));
        node.Core.SetRole(VectorJson.Role(body.Text("from")!));
        void Act()
        {
            switch (VectorJson.Role(body.Text("to")!))
            {
                case RaftRole.Follower:
                    node.Core.BecomeFollower(new Term(body.U64("to_term")), body.Id("to_lead"));
                    break;
                case RaftRole.PreCandidate:
                    node.Core.BecomePreCandidate();
                    break;
                case RaftRole.Candidate:
                    node.Core.BecomeCandidate();
                    break;
                default:
                    node.Core.BecomeLeader();
                    break;
            }
        }

        if (!expect.Bool("allowed"))
        {
            Assert.Throws<InvariantViolationException>(Act);
            return;
        }

        Act();
        Assert.Equal(expect.U64("term"), node.Core.Term.Value);
        Assert.Equal(expect.U64("lead"), node.Core.Leader.Value);
    }

    private static void ProgressCase(JsonElement body, JsonElement expect)
    {
        var given = body.GetProperty("progress");
        var progress = new Progress(new ReplicaId(2), 256, 0);
        progress.Reset(new LogIndex(given.U64("match")), new LogIndex(given.U64("next")));
        progress.ForceState(given.Text("state") switch
        {
            "replicate" => ProgressState.Replicate,
            "snapshot" => ProgressState.Snapshot,
            _ => ProgressState.Probe,
        }, new LogIndex(given.U64("pending_snapshot")), given.Bool("flow_paused"));
        var changed = body.Text("kind") switch
        {
            "progress.ack" => progress.TryAdvanceMatch(new LogIndex(body.U64("index"))),
            "progress.reject" => progress.TryBackUp(new LogIndex(body.U64("rejected")), new LogIndex(body.U64("hint"))),
            "progress.become_probe" => BecomeProbe(progress),
            "progress.is_paused" => false,
            var kind => throw new InvalidDataException($"unknown kind '{kind}'"),
        };
        foreach (var expected in expect.EnumerateObject())
        {
            var actual = expected.Name switch
            {
                "changed" => changed.ToString().ToLowerInvariant(),
                "match" => progress.Match.ToString(),
                "next" => progress.Next.ToString(),
                "paused" => progress.IsPaused.ToString().ToLowerInvariant(),
                "state" => '"' + VectorJson.Name(progress.State) + '"',
                var name => throw new InvalidDataException($"unknown field '{name}'"),
            };
            Assert.Equal(expected.Value.GetRawText(), actual);
        }
    }

    private static bool BecomeProbe(Progress progress)
    {
        progress.BecomeProbe();
        return true;
    }
}
