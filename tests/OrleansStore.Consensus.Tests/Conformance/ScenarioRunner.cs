using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Replication;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Runs the `node` and `cluster` scenarios by the harness rules of the vectors' SCHEMA.md, section 3b.</summary>
internal sealed class ScenarioRunner
{
    private static readonly MonotonicTime Now = VectorNode.Now;

    private readonly JsonElement _body;
    private readonly bool _isCluster;
    private readonly Dictionary<ulong, VectorNode> _nodes = [];
    private readonly Dictionary<ulong, (int Election, int Heartbeat)> _ticks = [];
    private readonly Dictionary<ulong, JsonElement> _options = [];
    private readonly List<RaftMessage> _outbox = [];
    private readonly Queue<RaftMessage> _queue = new();
    private readonly HashSet<(ulong, ulong)> _cut = [];
    private readonly HashSet<ulong> _isolated = [];
    private readonly HashSet<RaftMessageType> _ignored = [];
    private readonly HashSet<RaftMessageType> _held = [];
    private readonly List<RaftMessage> _parked = [];
    private readonly List<Entry> _persisted = [];

    public ScenarioRunner(JsonElement body)
    {
        _body = body;
        _isCluster = body.Text("kind") == "cluster";
        foreach (var json in body.GetProperty("nodes").EnumerateArray())
        {
            Add(json);
        }
    }

    public void Run() => RunSteps(_body.GetProperty("steps"));

    private void Add(JsonElement json)
    {
        var id = json.Id("id");
        var config = GroupConfig.Create(json.Ids("voters"), json.Ids("learners"));
        var prev = default(EntryId);
        RaftSnapshot? snapshot = null;
        if (json.TryGetProperty("snapshot", out var found))
        {
            prev = new EntryId(new Term(found.U64("term")), new LogIndex(found.U64("index")));
            snapshot = new RaftSnapshot(new SnapshotMetadata(prev.Index, prev.Term, config));
        }

        var hard = json.GetProperty("hard_state");
        var entries = VectorJson.EntryRun(prev.Index.Value + 1, json.Numbers("log_terms"));
        var hardState = new HardState(new Term(hard.U64("term")), hard.Id("vote"), new LogIndex(hard.U64("commit")));
        var options = json.GetProperty("options");
        _nodes[id.Value] = VectorNode.Create(id, prev, entries, hardState, new LogIndex(json.U64("applied")), config, snapshot, options, default);
        _options[id.Value] = options;
        _ticks[id.Value] = (options.Int("election_tick", 10), options.Int("heartbeat_tick", 1));

        // Output of the start itself is thrown away.
        while (_nodes[id.Value].Core.HasReady)
        {
            _nodes[id.Value].ProcessReady();
        }
    }

    private void RunSteps(JsonElement steps)
    {
        var number = 0;
        foreach (var step in steps.EnumerateArray())
        {
            try
            {
                RunStep(step);
            }
            catch (Exception e) when (e is not StepFailedException)
            {
                throw new StepFailedException($"step {number}: {step.GetRawText()}\n{e.Message}", e);
            }

            number++;
        }
    }

    private void RunStep(JsonElement step)
    {
        var op = step.Text("op");
        switch (op)
        {
            case "repeat":
                for (var i = 0; i < step.Int("count"); i++)
                {
                    RunSteps(step.GetProperty("steps"));
                }

                break;
            case "expect":
                Expect(NodeOf(step), step);
                break;
            case "expect_out":
                ExpectOut(step);
                break;
            case "expect_one_of":
                Assert.Contains(step.GetProperty("alternatives").EnumerateArray(), alternative => NodeOf(alternative).Core.Role == VectorJson.Role(alternative.Text("role")!));
                break;
            case "expect_reads_at_least":
                var context = ReadContexts.IdOf(step.Text("context")!);
                Assert.All(
                    _nodes.Values.SelectMany(node => node.ReadStates).Where(read => read.RequestId == context),
                    read => Assert.True(read.Index.Value >= step.U64("min_index")));
                break;
            case "drain":
                _outbox.Clear();
                break;
            case "clear_persisted":
                _persisted.Clear();
                break;
            case "clear_reads":
                NodeOf(step).ReadStates.Clear();
                break;
            case "cut" or "isolate" or "ignore" or "recover" or "hold" or "unhold":
                SetFilter(op, step);
                break;
            default:
                Act(op!, step);
                break;
        }
    }

    private void SetFilter(string op, JsonElement step)
    {
        switch (op)
        {
            case "cut":
                _cut.Add((step.U64("a"), step.U64("b")));
                _cut.Add((step.U64("b"), step.U64("a")));
                break;
            case "isolate":
                _isolated.Add(step.U64("node"));
                break;
            case "ignore":
                _ignored.Add(VectorJson.MessageType(step.Text("type")!));
                break;
            case "hold":
                _held.Add(VectorJson.MessageType(step.Text("type")!));
                break;
            case "unhold":
                _held.Remove(VectorJson.MessageType(step.Text("type")!));
                break;
            default:
                _cut.Clear();
                _isolated.Clear();
                _ignored.Clear();
                break;
        }
    }

    private void Act(string op, JsonElement step)
    {
        switch (op)
        {
            case "campaign_many":
                foreach (var id in step.Numbers("nodes"))
                {
                    _nodes[id].Core.Campaign(Now);
                    Pump(_nodes[id]);
                }

                Deliver();
                break;
            case "propose":
                for (var i = 0; i < step.Int("count", 1); i++)
                {
                    Input(NodeOf(step), core => Propose(core, new Entry(default, default, EntryType.Normal, Encoding.UTF8.GetBytes(step.Text("data")!)), step));
                }

                break;
            case "propose_conf_change":
                Input(NodeOf(step), core => Propose(core, new Entry(default, default, EntryType.ConfigChange, step.Change().Encode()), step));
                break;
            case "apply_conf_change":
                ApplyConfigChange(step);
                break;
            case "step":
                var message = step.GetProperty("message").Message();
                Input(message.To == ReplicaId.None ? _nodes.Values.Single() : _nodes[message.To.Value], core => core.Step(Now, message));
                break;
            case "tick":
                Tick(NodeOf(step), step.Int("count", 1), !step.TryGetProperty("deliver", out var deliver) || deliver.GetBoolean());
                break;
            case "heartbeat":
                Tick(NodeOf(step), _ticks[step.U64("node")].Heartbeat, deliver: true);
                break;
            case "release_held":
                foreach (var held in _parked.ToArray())
                {
                    _parked.Remove(held);
                    Input(_nodes[held.To.Value], core => core.Step(Now, held));
                }

                break;
            case "ack_appends":
                AckAppends(step.Numbers("peers"));
                break;
            case "compact":
                Compact(NodeOf(step));
                break;
            case "restart":
                NodeOf(step).Restart(Merge(_options[step.U64("node")], step));
                _outbox.Clear();
                break;
            default:
                ActOnCore(op, step);
                break;
        }
    }

    private void ActOnCore(string op, JsonElement step)
    {
        Input(NodeOf(step), core =>
        {
            switch (op)
            {
                case "campaign":
                    core.Campaign(Now);
                    break;
                case "set_randomized_election_timeout":
                    core.SetElectionTimeout(step.Int("ticks"));
                    break;
                case "transfer_leader":
                    core.TransferLeadership(Now, step.Id("to"));
                    break;
                case "read_index":
                    core.ReadIndex(Now, ReadContexts.IdOf(step.Text("context")!));
                    break;
                case "report_unreachable":
                    core.ReportUnreachable(Now, step.Id("peer"));
                    break;
                case "report_snapshot":
                    core.ReportSnapshot(Now, step.Id("peer"), step.Bool("ok"));
                    break;
                default:
                    throw new InvalidDataException($"unknown op '{op}'");
            }
        });
    }

    private static JsonElement Merge(JsonElement options, JsonElement step)
    {
        var merged = options.EnumerateObject().ToDictionary(option => option.Name, option => option.Value);
        if (step.TryGetProperty("options", out var changes))
        {
            foreach (var change in changes.EnumerateObject())
            {
                merged[change.Name] = change.Value;
            }
        }

        return JsonSerializer.SerializeToElement(merged);
    }

    private static void Propose(RaftCore core, Entry entry, JsonElement step)
    {
        var result = core.ProposeEntries(Now, new[] { entry });
        if (step.Text("expect_error") is not null)
        {
            Assert.False(result.IsAppended || result.Status == ProposeStatus.Forwarded, "the proposal should have been dropped");
        }
    }

    private void ApplyConfigChange(JsonElement step)
    {
        var change = new ConfigChange(ConfigTransition.Auto, step.GetProperty("changes").Changes());
        if (step.TryGetProperty("expect_error", out _))
        {
            Assert.Throws<InvariantViolationException>(() => NodeOf(step).Core.ApplyConfigChange(Now, change));
            return;
        }

        Input(NodeOf(step), core => core.ApplyConfigChange(Now, change));
    }

    private void Tick(VectorNode node, int count, bool deliver)
    {
        for (var i = 0; i < count; i++)
        {
            node.Core.Tick(Now);
            Pump(node);
            if (deliver)
            {
                Deliver();
            }
        }
    }

    private void AckAppends(ulong[] peers)
    {
        while (_outbox.Count > 0)
        {
            var sent = _outbox.ToArray();
            _outbox.Clear();
            foreach (var append in sent.Where(message => message.Type == RaftMessageType.Append && peers.Contains(message.To.Value)))
            {
                var answer = new RaftMessage
                {
                    Type = RaftMessageType.AppendResponse,
                    From = append.To,
                    To = append.From,
                    Term = append.Term,
                    Index = append.Index + (ulong)append.Entries.Length,
                };
                Input(_nodes[append.From.Value], core => core.Step(Now, answer));
            }
        }
    }

    private static void Compact(VectorNode node)
    {
        var index = node.Core.AppliedIndex;
        node.Latest = new RaftSnapshot(new SnapshotMetadata(index, node.Core.TermAt(index)!.Value, node.Core.Config));
        node.Compact(index);
    }

    private void Input(VectorNode node, Action<RaftCore> act)
    {
        act(node.Core);
        Pump(node);
        Deliver();
    }

    private void Pump(VectorNode node)
    {
        while (node.Core.HasReady)
        {
            var before = node.Core.DurableIndex;
            foreach (var message in node.ProcessReady())
            {
                Collect(message);
            }

            _persisted.RemoveAll(entry => entry.Index > before);
            _persisted.AddRange(node.Stable.Where(entry => entry.Index > before));
        }
    }

    private void Collect(RaftMessage message)
    {
        if (!_isCluster)
        {
            _outbox.Add(message);
        }
        else if (_cut.Contains((message.From.Value, message.To.Value)) || _isolated.Contains(message.From.Value) || _isolated.Contains(message.To.Value)
            || _ignored.Contains(message.Type))
        {
            // Lost.
        }
        else if (_held.Contains(message.Type))
        {
            _parked.Add(message);
        }
        else
        {
            _queue.Enqueue(message);
        }
    }

    private void Deliver()
    {
        while (_queue.TryDequeue(out var message))
        {
            if (_nodes.TryGetValue(message.To.Value, out var node))
            {
                node.Core.Step(Now, message);
                Pump(node);
            }
        }
    }

    private VectorNode NodeOf(JsonElement step) => _nodes[step.U64("node")];

    private void Expect(VectorNode node, JsonElement expect)
    {
        var core = node.Core;
        foreach (var field in expect.EnumerateObject())
        {
            var value = field.Value;
            switch (field.Name)
            {
                case "op" or "node":
                    break;
                case "role":
                    Assert.Equal(VectorJson.Role(value.GetString()!), core.Role);
                    break;
                case "term":
                    Assert.Equal(value.GetUInt64(), core.Term.Value);
                    break;
                case "vote":
                    Assert.Equal(value.GetUInt64(), core.Vote.Value);
                    break;
                case "lead":
                    Assert.Equal(value.GetUInt64(), core.Leader.Value);
                    break;
                case "commit":
                    Assert.Equal(value.GetUInt64(), core.CommitIndex.Value);
                    break;
                case "applied":
                    Assert.Equal(value.GetUInt64(), core.AppliedIndex.Value);
                    break;
                case "last_index":
                    Assert.Equal(value.GetUInt64(), core.LastEntry.Index.Value);
                    break;
                case "last_term":
                    Assert.Equal(value.GetUInt64(), core.LastEntry.Term.Value);
                    break;
                case "lead_transferee":
                    Assert.Equal(value.GetUInt64(), core.TransferTarget.Value);
                    break;
                case "is_learner":
                    Assert.Equal(value.GetBoolean(), core.Config.IsLearner(core.Id));
                    break;
                case "applied_data":
                    Assert.Equal(value.EnumerateArray().Select(data => data.GetString()), node.AppliedData);
                    break;
                case "log_terms":
                    Assert.Equal(value.EnumerateArray().Select(term => term.GetUInt64()), Terms(core.Entries(core.FirstIndex, core.LastEntry.Index).ToArray()));
                    break;
                case "last_entry_type":
                    var type = core.Entries(core.LastEntry.Index, core.LastEntry.Index).Span[0].Type;
                    Assert.Equal(value.GetString() == "normal" ? EntryType.Normal : EntryType.ConfigChange, type);
                    break;
                case "persisted":
                    var run = value.EntryRun();
                    Assert.Equal(run.Select(entry => entry.Id), _persisted.Select(entry => entry.Id));
                    break;
                case "read_states":
                    Assert.Equal(
                        value.EnumerateArray().Select(read => (ReadContexts.IdOf(read.Text("context")!), read.U64("index"))),
                        node.ReadStates.Select(read => (read.RequestId, read.Index.Value)));
                    break;
                case "config":
                    ExpectConfig(core.Config, value);
                    break;
                case "progress":
                    ExpectProgress(core, value);
                    break;
                default:
                    throw new InvalidDataException($"unknown expectation '{field.Name}'");
            }
        }
    }

    private static IEnumerable<ulong> Terms(IEnumerable<Entry> entries) => entries.Select(entry => entry.Term.Value);

    private static void ExpectConfig(GroupConfig config, JsonElement expect)
    {
        foreach (var field in expect.EnumerateObject())
        {
            if (field.Name == "auto_leave")
            {
                Assert.Equal(field.Value.GetBoolean(), config.AutoLeave);
                continue;
            }

            var actual = field.Name switch
            {
                "voters" => config.Voters,
                "voters_outgoing" => config.VotersOutgoing,
                "learners" => config.Learners,
                "learners_next" => config.LearnersNext,
                var name => throw new InvalidDataException($"unknown config field '{name}'"),
            };
            Assert.Equal(field.Value.EnumerateArray().Select(id => id.GetUInt64()).Order(), actual.Select(id => id.Value));
        }
    }

    private static void ExpectProgress(RaftCore core, JsonElement expect)
    {
        foreach (var row in expect.EnumerateObject())
        {
            var member = core.FindProgress(new ReplicaId(ulong.Parse(row.Name, CultureInfo.InvariantCulture)));
            Assert.NotNull(member);
            foreach (var field in row.Value.EnumerateObject())
            {
                var actual = field.Name switch
                {
                    "state" => '"' + VectorJson.Name(member.State) + '"',
                    "match" => member.Match.ToString(),
                    "next" => member.Next.ToString(),
                    "paused" => member.IsPaused.ToString().ToLowerInvariant(),
                    "pending_snapshot" => member.PendingSnapshot.ToString(),
                    "inflight" => member.InflightCount.ToString(CultureInfo.InvariantCulture),
                    var name => throw new InvalidDataException($"unknown progress field '{name}'"),
                };
                Assert.Equal(field.Value.GetRawText(), actual);
            }
        }
    }

    private void ExpectOut(JsonElement step)
    {
        var expected = step.GetProperty("messages").EnumerateArray().ToList();
        var actual = _outbox.Where(message => step.U64("to") == 0 || message.To.Value == step.U64("to")).ToList();
        _outbox.Clear();
        var unmatched = actual.ToList();
        foreach (var message in expected)
        {
            var match = unmatched.FindIndex(candidate => Matches(candidate, message));
            Assert.True(match >= 0, $"not sent: {message.GetRawText()}\nsent:\n{string.Join('\n', actual.Select(VectorJson.Describe))}");
            unmatched.RemoveAt(match);
        }

        Assert.True(unmatched.Count == 0, $"sent beyond what is expected:\n{string.Join('\n', unmatched.Select(VectorJson.Describe))}");
    }

    private static bool Matches(RaftMessage actual, JsonElement expect)
    {
        foreach (var field in expect.EnumerateObject())
        {
            var value = field.Value;
            var isEqual = field.Name switch
            {
                "type" => actual.Type == VectorJson.MessageType(value.GetString()!),
                "from" => actual.From.Value == value.GetUInt64(),
                "to" => actual.To.Value == value.GetUInt64(),
                "term" => actual.Term.Value == value.GetUInt64(),
                "index" => actual.Index.Value == value.GetUInt64(),
                "log_term" => actual.LogTerm.Value == value.GetUInt64(),
                "commit" => actual.Commit.Value == value.GetUInt64(),
                "reject" => actual.Reject == value.GetBoolean(),
                "reject_hint" => actual.RejectHint.Value == value.GetUInt64(),
                "entries_count" => actual.Entries.Length == value.GetInt32(),
                "entries" => EntriesMatch(actual.Entries.ToArray(), [.. value.EnumerateArray()]),
                "snapshot" => actual.Snapshot is { } snapshot && snapshot.Metadata.Index.Value == value.U64("index") && snapshot.Metadata.Term.Value == value.U64("term"),
                var name => throw new InvalidDataException($"unknown message field '{name}'"),
            };
            if (!isEqual)
            {
                return false;
            }
        }

        return true;
    }

    private static bool EntriesMatch(Entry[] actual, JsonElement[] expect) =>
        actual.Length == expect.Length && actual.Zip(expect).All(pair =>
            pair.First.Index.Value == pair.Second.U64("index") && pair.First.Term.Value == pair.Second.U64("term")
            && (pair.Second.Text("data") is not { } data || Encoding.UTF8.GetString(pair.First.Data.Span) == data));
}
