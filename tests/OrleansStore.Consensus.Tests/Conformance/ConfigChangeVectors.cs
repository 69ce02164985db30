using System.Globalization;
using System.Text.Json;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus.Tests.Conformance;

internal static class ConfigChangeVectors
{
    public static void Run(JsonElement body)
    {
        var expect = body.GetProperty("expect");
        if (body.Text("op") == "restore")
        {
            // Ours takes a configuration as it is, so all there is to check is that none is refused or changed.
            var restored = new ProgressTracker(1, 0);
            restored.SwitchTo(body.GetProperty("conf_state").Config(), LogIndex.None);
            Assert.Equal(expect.GetProperty("config").Config(), restored.Config);
            return;
        }

        var before = body.GetProperty("before");
        var config = before.GetProperty("config").Config();
        var tracker = new ProgressTracker(1, 0);
        tracker.SwitchTo(config, LogIndex.None);
        foreach (var row in before.GetProperty("progress").EnumerateObject())
        {
            tracker.Find(IdOf(row))!.Reset(new LogIndex(row.Value.U64("match")), new LogIndex(row.Value.U64("next")));
        }

        var changes = body.TryGetProperty("changes", out var list) ? list.Changes() : [];
        var next = config;
        var error = body.Text("op") switch
        {
            "simple" => ConfigChanger.TrySimple(config, changes, out next),
            "enter_joint" => ConfigChanger.TryEnterJoint(config, body.Bool("auto_leave"), changes, out next),
            "leave_joint" => ConfigChanger.TryLeaveJoint(config, out next),
            var op => throw new InvalidDataException($"unknown op '{op}'"),
        };
        if (expect.Text("error") is { } expectedError)
        {
            Assert.Equal(expectedError.Replace("_", "", StringComparison.Ordinal), error.ToString().ToLowerInvariant());
            Assert.Same(config, next);
            return;
        }

        Assert.Equal(ConfigChangeError.None, error);
        Assert.Equal(expect.GetProperty("config").Config(), next);
        tracker.SwitchTo(next, new LogIndex(body.U64("last_index")));
        CheckProgress(expect.GetProperty("progress"), tracker);
    }

    private static void CheckProgress(JsonElement expect, ProgressTracker tracker)
    {
        var actual = new List<string>();
        foreach (var member in tracker.Members)
        {
            actual.Add($"{member.Id} {VectorJson.Name(member.State)} match={member.Match} next={member.Next} learner={member.IsLearner}");
        }

        Assert.Equal(
            expect.EnumerateObject().OrderBy(row => IdOf(row)).Select(row =>
                $"{row.Name} {row.Value.Text("state")} match={row.Value.U64("match")} next={row.Value.U64("next")} learner={row.Value.Bool("learner")}"),
            actual);
    }

    private static ReplicaId IdOf(JsonProperty property) => new(ulong.Parse(property.Name, CultureInfo.InvariantCulture));
}
