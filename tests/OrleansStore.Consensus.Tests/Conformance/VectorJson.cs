using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Reads the common shapes of the vector files, and writes ours in a form that can be compared with them.</summary>
internal static class VectorJson
{
    private static readonly (string Name, RaftMessageType Type)[] TypeNames =
    [
        ("MsgVote", RaftMessageType.Vote), ("MsgVoteResp", RaftMessageType.VoteResponse),
        ("MsgPreVote", RaftMessageType.PreVote), ("MsgPreVoteResp", RaftMessageType.PreVoteResponse),
        ("MsgApp", RaftMessageType.Append), ("MsgAppResp", RaftMessageType.AppendResponse),
        ("MsgHeartbeat", RaftMessageType.Heartbeat), ("MsgHeartbeatResp", RaftMessageType.HeartbeatResponse),
        ("MsgSnap", RaftMessageType.InstallSnapshot), ("MsgTimeoutNow", RaftMessageType.TimeoutNow),
        ("MsgProp", RaftMessageType.Propose), ("MsgReadIndex", RaftMessageType.ReadIndex),
        ("MsgReadIndexResp", RaftMessageType.ReadIndexResponse), ("MsgTransferLeader", RaftMessageType.TransferLeadership),
    ];

    public static ulong U64(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetUInt64() : 0;

    public static int Int(this JsonElement json, string name, int otherwise = 0) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value.GetInt32() : otherwise;

    public static bool Bool(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static ReplicaId Id(this JsonElement json, string name) => new(json.U64(name));

    public static IEnumerable<ReplicaId> Ids(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(id => new ReplicaId(id.GetUInt64())) : [];

    public static ulong[] Numbers(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(number => number.GetUInt64())] : [];

    public static GroupConfig Config(this JsonElement json) => GroupConfig.Create(
        json.Ids("voters"), json.Ids("learners"), json.Ids("voters_outgoing"), json.Ids("learners_next"), json.Bool("auto_leave"));

    public static Entry[] EntryRun(this JsonElement json) => EntryRun(json.U64("first"), json.Numbers("terms"));

    public static Entry[] EntryRun(ulong first, ulong[] terms) =>
        [.. terms.Select((term, i) => new Entry(new Term(term), new LogIndex(first + (ulong)i), EntryType.Normal, default))];

    public static RaftRole Role(string name) => name switch
    {
        "follower" => RaftRole.Follower,
        "pre_candidate" => RaftRole.PreCandidate,
        "candidate" => RaftRole.Candidate,
        "leader" => RaftRole.Leader,
        _ => throw new InvalidDataException($"unknown role '{name}'"),
    };

    public static string Name(ProgressState state) => state.ToString().ToLowerInvariant();

    public static string Name(RaftMessageType type) => TypeNames.Single(pair => pair.Type == type).Name;

    public static RaftMessageType MessageType(string name) => TypeNames.Single(pair => pair.Name == name).Type;

    public static ConfigChange Change(this JsonElement json, bool isShort = false, bool noChanges = false)
    {
        var transition = json.Text("transition") switch
        {
            "implicit" or "jointimplicit" => ConfigTransition.JointImplicit,
            "explicit" or "jointexplicit" => ConfigTransition.JointExplicit,
            _ => ConfigTransition.Auto,
        };
        return new ConfigChange(
            transition,
            noChanges ? [] : isShort ? ShortChanges(json.Text("changes")!) : json.GetProperty("changes").Changes());
    }

    public static ImmutableArray<MemberChange> Changes(this JsonElement list) =>
        [.. list.EnumerateArray().Select(change => new MemberChange(ChangeType(change.Text("op")!), change.Id("id")))];

    public static RaftMessage Message(this JsonElement json) => new()
    {
        Type = MessageType(json.Text("type")!),
        From = json.Id("from"),
        To = json.Id("to"),
        Term = new Term(json.U64("term")),
        LogTerm = new Term(json.U64("log_term")),
        Index = new LogIndex(json.U64("index")),
        Commit = new LogIndex(json.U64("commit")),
        Reject = json.Bool("reject"),
        RejectHint = new LogIndex(json.U64("reject_hint")),
        Context = json.Text("context") is { } context ? ReadContexts.IdOf(context) : 0,
        Entries = json.TryGetProperty("entries", out var entries) ? entries.EnumerateArray().Select(Entry).ToArray() : default,
        Snapshot = json.TryGetProperty("snapshot", out var snapshot) ? new RaftSnapshot(snapshot.Snapshot()) : null,
    };

    public static SnapshotMetadata Snapshot(this JsonElement json) => new(
        new LogIndex(json.U64("index")), new Term(json.U64("term")), json.TryGetProperty("config", out var config) ? config.Config() : GroupConfig.Empty);

    public static Entry Entry(JsonElement json) => new(
        new Term(json.U64("term")),
        new LogIndex(json.U64("index")),
        json.Text("type") is null or "normal" ? EntryType.Normal : EntryType.ConfigChange,
        json.Text("type") is null or "normal" ? Encoding.UTF8.GetBytes(json.Text("data") ?? "") : json.Change(isShort: true).Encode());

    /// <summary>An entry in one line, the same for theirs and ours.</summary>
    public static string Describe(this Entry entry) => string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Term}/{entry.Index} {(entry.Type == EntryType.Normal ? Encoding.UTF8.GetString(entry.Data.Span) : Describe(ConfigChange.Decode(entry.Data.Span)))}");

    /// <summary>A message in one line, the same for theirs and ours.</summary>
    public static string Describe(this RaftMessage message)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{message.Type} {message.From}->{message.To} term={message.Term} log={message.LogTerm}/{message.Index} commit={message.Commit}");
        if (message.Reject)
        {
            text.Append(CultureInfo.InvariantCulture, $" reject hint={message.RejectHint}");
        }

        foreach (var entry in message.Entries.Span)
        {
            text.Append(CultureInfo.InvariantCulture, $" [{entry.Describe()}]");
        }

        return message.Snapshot is { } snapshot
            ? text.Append(CultureInfo.InvariantCulture, $" snapshot={snapshot.Metadata.LastEntry} {snapshot.Metadata.Config}").ToString()
            : text.ToString();
    }

    private static string Describe(ConfigChange change) =>
        $"{change.Transition}:{string.Join(' ', change.Changes.Select(step => $"{step.Type}({step.Id})"))}";

    private static ConfigChangeType ChangeType(string name) => name switch
    {
        "add_voter" or "v" => ConfigChangeType.AddVoter,
        "add_learner" or "l" => ConfigChangeType.AddLearner,
        "remove" or "r" => ConfigChangeType.Remove,
        "update" or "u" => ConfigChangeType.Update,
        _ => throw new InvalidDataException($"unknown member change '{name}'"),
    };

    private static ImmutableArray<MemberChange> ShortChanges(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            new MemberChange(ChangeType(part[..1]), new ReplicaId(ulong.Parse(part[1..], CultureInfo.InvariantCulture))))];
}
