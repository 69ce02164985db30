using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

public sealed class ModelTests
{
    [Fact, Trait("Category", "Property")]
    public void State_EqualsTheReference_UnderRandomCommands() => Seeds.ForEach(250, seed => RunAgainstReference(seed, 300));

    [Fact, Trait("Category", "Slow")]
    public void State_EqualsTheReference_UnderManyRandomCommands() => Seeds.ForEach(5000, seed => RunAgainstReference(seed + 1_000_000, 500));

    // A test that meets no rule proves nothing: all answers come up, and often.
    [Fact, Trait("Category", "Property")]
    public void RandomCommands_MeetEveryAnswer()
    {
        Dictionary<WriteStatus, int> writes = [];
        Dictionary<OutcomeStatus, int> outcomes = [];
        var (repeats, expirations) = (0, 0);
        Seeds.ForEach(100, seed =>
        {
            var random = new TestRandom(seed);
            var state = BucketState.Create(CommandGenerator.TightLimits(random));
            var generator = new CommandGenerator(random);
            for (var i = 0; i < 300; i++)
            {
                var applied = state.Apply(generator.Next());
                repeats += applied.IsRepeat ? 1 : 0;
                expirations += applied.Events.ToArray().Count(change => change.Kind == ChangeKind.Expired);
                if (applied.Write is { } write)
                {
                    writes[write.Status] = writes.GetValueOrDefault(write.Status) + 1;
                }

                if (applied.Outcome is { } outcome)
                {
                    outcomes[outcome.Status] = outcomes.GetValueOrDefault(outcome.Status) + 1;
                }
            }
        });

        foreach (var status in new[]
        {
            WriteStatus.Applied, WriteStatus.PreconditionFailed, WriteStatus.NotFound, WriteStatus.RequestExpired,
            WriteStatus.IdempotencyMismatch, WriteStatus.Throttled, WriteStatus.NeverApplied,
        })
        {
            Assert.True(writes.GetValueOrDefault(status) > 50, $"{status}: {writes.GetValueOrDefault(status)}");
        }

        foreach (var status in new[] { OutcomeStatus.Applied, OutcomeStatus.Rejected, OutcomeStatus.NeverApplied, OutcomeStatus.Expired, OutcomeStatus.Throttled })
        {
            Assert.True(outcomes.GetValueOrDefault(status) > 50, $"{status}: {outcomes.GetValueOrDefault(status)}");
        }

        Assert.True(repeats > 50 && expirations > 50, $"repeats={repeats} expirations={expirations}");
    }

    // Invariant 3: two replicas that apply the same log are equal at every index.
    [Fact, Trait("Category", "Property")]
    public void Replicas_HaveEqualHashes_AtEveryIndex() => Seeds.ForEach(20, seed =>
    {
        var random = new TestRandom(seed);
        var limits = CommandGenerator.TightLimits(random);
        var (one, two) = (BucketState.Create(limits), BucketState.Create(limits));
        var generator = new CommandGenerator(random);
        for (var i = 0; i < 200; i++)
        {
            var command = generator.Next();
            one.Apply(command);

            // The other takes views in between, which must not matter.
            two.TakeView();
            two.Apply(command);
            Assert.Equal(StateHash.Compute(one.TakeView()), StateHash.Compute(two.TakeView()));
        }
    });

    // What FindAnswer says before the log, applying the command right away says too.
    [Fact, Trait("Category", "Property")]
    public void FindAnswer_AgreesWithApply() => Seeds.ForEach(100, seed =>
    {
        var random = new TestRandom(seed);
        var state = BucketState.Create(CommandGenerator.TightLimits(random));
        var generator = new CommandGenerator(random);
        for (var i = 0; i < 300; i++)
        {
            // The stamp of a command that finds an answer must not matter either; here time stands still, so that revisions agree.
            if (generator.Next() is TransactionCommand command && state.NextDueTime is not { } due)
            {
                command = new TransactionCommand(state.AppliedTime, command.Identity, command.Transaction);
                var found = state.FindAnswer(command);
                var applied = state.Apply(command).Write!;
                if (found is not null)
                {
                    Assert.Equal((found.Status, found.Revision), (applied.Status, applied.Revision));
                }
            }
        }
    });

    private static void RunAgainstReference(ulong seed, int steps)
    {
        var random = new TestRandom(seed);
        var limits = CommandGenerator.TightLimits(random);
        var state = BucketState.Create(limits);
        var reference = new ReferenceBucket(limits);
        var generator = new CommandGenerator(random);
        for (var i = 0; i < steps; i++)
        {
            var command = generator.Next();
            var (write, outcome) = reference.Apply(command);
            var applied = state.Apply(command);

            Assert.Equal(write, applied.Write);
            Assert.Equal(outcome, applied.Outcome);
            Assert.Equal(reference.Events, applied.Events.ToArray().Select((change, at) => ToReference(change, reference.Events[at])));
            Assert.Equal((reference.Revision, reference.Time, reference.Compacted), (state.Revision.Value, state.AppliedTime, state.CompactedRevision.Value));
            Assert.Equal((reference.SessionCount, reference.ResultCount, reference.KeyCount), (state.SessionCount, state.SessionResultCount, state.KeyCount));
            Assert.Equal(reference.NextDueTime, state.NextDueTime);
            if (i % 20 == 0)
            {
                AssertRecords(reference, state);
                AssertHistory(reference, state);
            }
        }
    }

    private static ReferenceBucket.Change ToReference(ChangeEvent change, ReferenceBucket.Change expected)
    {
        Assert.Equal(change.Kind != ChangeKind.Put, change.Record.IsTombstone);
        var key = new StoreKey(change.Record.Namespace, change.Record.Key);
        if (expected.Row is not null && change.Kind == ChangeKind.Put)
        {
            AssertRow(expected.Row, change.Record);
        }

        return new ReferenceBucket.Change(change.Kind, change.Revision.Value, change.Time, key, expected.Row);
    }

    private static void AssertRow(ReferenceBucket.Row row, PackedRecord packed)
    {
        var record = packed.ToRecord();
        Assert.Equal(row.Key, record.Key);
        Assert.Equal((row.Create, row.Modify, row.Version), (record.CreateRevision.Value, record.ModifyRevision.Value, record.Version));
        Assert.Equal(row.Put.Value.ToArray(), record.Value.ToArray());
        Assert.Equal((row.Put.ContentType, row.Put.Flags, row.Put.Owner, row.Ends), (record.ContentType, record.Flags, record.Owner, record.ExpiresAt));
    }

    private static void AssertRecords(ReferenceBucket reference, BucketState state)
    {
        List<PackedRecord> records = [];
        for (var space = 0u; space < 2; space++)
        {
            Assert.Null(state.Records.Scan(new ScanRequest(new NamespaceId(space), limit: 1000), records));
        }

        var rows = reference.Rows.OrderBy(row => row.Key).ToList();
        Assert.Equal(rows.Count, records.Count);
        Assert.Equal(rows.Count, state.Records.Count);
        Assert.Equal(records.Sum(record => (long)record.Bytes.Length), state.RecordBytes);
        for (var i = 0; i < rows.Count; i++)
        {
            AssertRow(rows[i], records[i]);
        }
    }

    private static void AssertHistory(ReferenceBucket reference, BucketState state)
    {
        List<ChangeEvent> events = [];
        Assert.Equal(HistoryStatus.Available, state.ReadHistory(new Revision(reference.Compacted + 1), int.MaxValue, events).Status);
        Assert.Equal(reference.History, events.Select((change, at) => ToReference(change, reference.History[at])));
    }
}
