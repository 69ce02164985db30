using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Runs the interaction scripts by the rules of the vectors' SCHEMA.md, section 4, and compares states at L1 (quiescent steps) or L2 (every step, with the
/// messages in flight).</summary>
internal sealed class InteractionRunner(JsonElement script, JsonElement defaults, bool everyStep)
{
    private static readonly MonotonicTime Now = VectorNode.Now;

    private readonly SortedDictionary<ulong, InteractionNode> _nodes = [];
    private readonly List<InFlight> _inFlight = [];

    public void Run()
    {
        var compared = 0;
        foreach (var step in script.GetProperty("steps").EnumerateArray())
        {
            try
            {
                Act(step.GetProperty("do"));
                var expect = step.GetProperty("expect");
                if (everyStep || expect.Bool("quiescent"))
                {
                    Compare(expect);
                    compared++;
                }
            }
            catch (Exception e)
            {
                throw new StepFailedException($"step {step.Int("n")}, line {step.Int("line")}: {step.GetProperty("do").GetRawText()}\n{e.Message}", e);
            }
        }

        Assert.NotEqual(0, compared);
    }

    private void Act(JsonElement action)
    {
        switch (action.Text("op"))
        {
            case "add_nodes":
                AddNodes(action);
                break;
            case "process_ready":
                ForEach(action, "nodes", node => node.ProcessReady(_inFlight));
                break;
            case "process_append_thread":
                ForEach(action, "nodes", node => node.ProcessAppend(_inFlight));
                break;
            case "process_apply_thread":
                ForEach(action, "nodes", node => node.ProcessApply(_inFlight));
                break;
            case "deliver_msgs":
                ForEach(action, "deliver_to", node => Deliver(node.Id, action.Text("type"), drop: false));
                foreach (var id in action.Numbers("drop_to"))
                {
                    Deliver(new ReplicaId(id), action.Text("type"), drop: true);
                }

                break;
            case "stabilize":
                Stabilize(action.Numbers("nodes"));
                break;
            case "raft_log" or "raft_state" or "status":
                break;
            default:
                ActOnNode(action);
                break;
        }
    }

    private void ActOnNode(JsonElement action)
    {
        var node = _nodes[action.U64(action.TryGetProperty("node", out _) ? "node" : "from")];
        var core = node.Core;
        switch (action.Text("op"))
        {
            case "campaign":
                core.Campaign(Now);
                break;
            case "propose":
                core.ProposeEntries(Now, new[] { new Entry(default, default, EntryType.Normal, Encoding.UTF8.GetBytes(action.Text("data")!)) });
                break;
            case "propose_conf_change":
                core.ProposeConfigChange(Now, action.Change());
                break;
            case "tick_heartbeat":
                core.Tick(Now);
                break;
            case "tick_election":
                for (var i = 0; i < 3; i++)
                {
                    core.Tick(Now);
                }

                break;
            case "set_randomized_election_timeout":
                core.SetElectionTimeout(action.Int("timeout"));
                break;
            case "transfer_leadership":
                core.TransferLeadership(Now, action.Id("to"));
                break;
            case "report_unreachable":
                core.ReportUnreachable(Now, action.Id("peer"));
                break;
            case "forget_leader":
                core.ForgetLeader(Now);
                break;
            case "send_snapshot":
                _inFlight.Add(new InFlight(new RaftMessage
                {
                    Type = RaftMessageType.InstallSnapshot, From = core.Id, To = action.Id("to"), Term = core.Term, Snapshot = node.Storage.Latest,
                }));
                break;
            case "compact":
                node.Storage.Compact(new LogIndex(action.U64("index")));
                break;
            default:
                throw new InvalidDataException($"unknown op '{action.Text("op")}'");
        }
    }

    private void AddNodes(JsonElement action)
    {
        for (var i = 0; i < action.Int("count", 1); i++)
        {
            var id = new ReplicaId((ulong)_nodes.Count + 1);
            _nodes[id.Value] = new InteractionNode(id, action, defaults);
        }
    }

    private void ForEach(JsonElement action, string list, Action<InteractionNode> act)
    {
        foreach (var id in action.Numbers(list))
        {
            act(_nodes[id]);
        }
    }

    private bool Deliver(ReplicaId to, string? type, bool drop)
    {
        var taken = _inFlight.Where(item => item.To == to && (type is null || item.TypeName == type) && !(drop && item.IsLocal)).ToList();
        foreach (var item in taken)
        {
            _inFlight.Remove(item);
            if (!drop)
            {
                _nodes[to.Value].Receive(item);
            }
        }

        return taken.Count > 0;
    }

    private void Stabilize(ulong[] ids)
    {
        var nodes = ids.Length == 0 ? _nodes.Values.ToList() : [.. ids.Select(id => _nodes[id])];
        var isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            foreach (var node in nodes.Where(node => node.Core.HasReady))
            {
                node.ProcessReady(_inFlight);
                isBusy = true;
            }

            foreach (var node in nodes)
            {
                isBusy |= Deliver(node.Id, null, drop: false);
            }

            foreach (var node in nodes)
            {
                while (node.ProcessAppend(_inFlight))
                {
                    isBusy = true;
                }
            }

            foreach (var node in nodes)
            {
                while (node.ProcessApply(_inFlight))
                {
                    isBusy = true;
                }
            }
        }
    }

    private void Compare(JsonElement expect)
    {
        foreach (var state in expect.GetProperty("nodes").EnumerateObject())
        {
            var node = _nodes[ulong.Parse(state.Name, CultureInfo.InvariantCulture)];
            Assert.Equal(ExpectedState(state.Value, node), ActualState(node));
        }

        CompareConfigs(expect.GetProperty("transitions"));
        if (everyStep)
        {
            Assert.Equal(
                Group(expect.GetProperty("in_flight").EnumerateArray().Select(ExpectedInFlight)),
                Group(_inFlight.Select(item => (item.Pair, item.Text))));
            Assert.Equal(
                expect.GetProperty("has_ready").EnumerateArray().Select(id => id.GetUInt64()).Order(),
                _nodes.Values.Where(node => node.Core.HasReady).Select(node => node.Id.Value));
        }
    }

    /// <summary>Compares the configurations that the step put in force, with their auto_leave: `nodes` holds a copy of the configuration without that flag (it is
    /// false there even where the snapshots sent in the same step have it true).</summary>
    private void CompareConfigs(JsonElement transitions)
    {
        foreach (var changes in transitions.EnumerateArray().Where(row => row.TryGetProperty("config", out _)).GroupBy(row => row.U64("node")))
        {
            Assert.Equal(changes.Last().GetProperty("config").Config(), _nodes[changes.Key].Core.Config);
        }
    }

    private static string WithoutAutoLeave(GroupConfig config) =>
        GroupConfig.Create(config.Voters, config.Learners, config.VotersOutgoing, config.LearnersNext).ToString();

    private static string Group(IEnumerable<(string Pair, string Text)> messages) =>
        string.Join('\n', messages.GroupBy(message => message.Pair).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key + ":\n" + string.Join('\n', pair.Select(message => "  " + message.Text))));

    private static (string Pair, string Text) ExpectedInFlight(JsonElement json)
    {
        var pair = $"{Raw(json, "from")}->{Raw(json, "to")}";
        return json.Text("type") switch
        {
            "MsgStorageAppendResp" => (pair, $"append acknowledged term={json.U64("term")} last={json.U64("log_term")}/{json.U64("index")}"),
            "MsgStorageApplyResp" => (pair, "apply acknowledged " + string.Join(' ', json.GetProperty("entries").EnumerateArray().Select(entry => VectorJson.Entry(entry).Describe()))),
            _ => (pair, json.Message().Describe()),
        };
    }

    private static string Raw(JsonElement json, string name) =>
        json.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : json.U64(name).ToString(CultureInfo.InvariantCulture);

    private static string ExpectedState(JsonElement state, InteractionNode node)
    {
        var log = state.GetProperty("log");
        var stable = state.GetProperty("stable");
        var hard = stable.GetProperty("hard_state");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {VectorJson.Role(state.Text("role")!)} term={state.U64("term")} vote={state.U64("vote")} lead={state.U64("lead")}
            commit={state.U64("commit")} applied={state.U64("applied")} transferee={state.U64("lead_transferee")} promotable={state.Bool("promotable")}
            log {log.U64("prev_term")}/{log.U64("prev_index")} [{string.Join(' ', log.Numbers("terms"))}] {log.U64("last_index")}
            stable {stable.U64("first_index")} [{string.Join(' ', stable.Numbers("terms"))}] {stable.U64("last_index")} term={hard.U64("term")} vote={hard.U64("vote")}
            config {WithoutAutoLeave(state.GetProperty("config").Config())}
            app {(node.Storage.HasRestored ? "restored" : $"{state.GetProperty("app").U64("index")} {state.GetProperty("app").Text("data")}")}
            """);
    }

    private static string ActualState(InteractionNode node)
    {
        var core = node.Core;
        var storage = node.Storage;
        var prev = new EntryId(core.TermAt(core.FirstIndex.Previous)!.Value, core.FirstIndex.Previous);
        var first = storage.StablePrev.Index.Next;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {core.Role} term={core.Term} vote={core.Vote} lead={core.Leader}
            commit={core.CommitIndex} applied={core.AppliedIndex} transferee={core.TransferTarget} promotable={core.IsPromotable}
            log {prev} [{string.Join(' ', core.Entries(core.FirstIndex, core.LastEntry.Index).ToArray().Select(entry => entry.Term))}] {core.LastEntry.Index}
            stable {first} [{string.Join(' ', storage.Stable.Select(entry => entry.Term))}] {first.Value + (ulong)storage.Stable.Count - 1} term={storage.StableHardState.Term} vote={storage.StableHardState.Vote}
            config {WithoutAutoLeave(core.Config)}
            app {(storage.HasRestored ? "restored" : $"{node.AppIndex} {node.AppData}")}
            """);
    }
}
