using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.History;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

[Trait("Category", "Unit")]
public sealed class HistoryTests
{
    [Fact]
    public void History_HoldsEveryChange_FromTheFirstRevisionOn()
    {
        var state = BucketState.Create(BucketLimits.Default);
        for (var i = 0; i < 200; i++)
        {
            state.Put(i, $"k{i % 7}", "v");
        }

        Assert.Equal((HistoryStatus.Available, 201UL, "1-200"), Read(state, 0, 1000));
        Assert.Equal((HistoryStatus.Available, 201UL, "1-200"), Read(state, 1, 1000));
        Assert.Equal((HistoryStatus.Available, 60UL, "50-59"), Read(state, 50, 10));
        Assert.Equal((HistoryStatus.Available, 201UL, ""), Read(state, 201, 10));
    }

    [Fact]
    public void History_DropsWholeRevisions_AndSaysCompactedBelow()
    {
        var state = BucketState.Create(new BucketLimits { MaxHistoryEvents = 5 });
        state.Write(0, new Transaction([], [Make.Put("a", "1"), Make.Put("b", "1"), Make.Put("c", "1")]));
        state.Put(0, "d", "1");
        state.Put(0, "e", "1");
        Assert.Equal((HistoryStatus.Available, 4UL, "1-3"), Read(state, 0, 1000));

        state.Put(0, "f", "1");
        Assert.Equal(3, state.HistoryCount);
        Assert.Equal(new Revision(1), state.CompactedRevision);
        Assert.Equal((HistoryStatus.Compacted, 2UL, ""), Read(state, 1, 1000));
        Assert.Equal((HistoryStatus.Compacted, 2UL, ""), Read(state, 0, 1000));
        Assert.Equal((HistoryStatus.Available, 5UL, "2-4"), Read(state, 2, 1000));
    }

    [Fact]
    public void Reading_CompletesTheRevisionItBegan()
    {
        var state = BucketState.Create(BucketLimits.Default);
        state.Write(0, new Transaction([], [Make.Put("a", "1"), Make.Put("b", "1"), Make.Put("c", "1")]));
        state.Put(0, "d", "1");
        List<ChangeEvent> page = [];
        Assert.Equal(new HistoryPage(HistoryStatus.Available, new Revision(2)), state.ReadHistory(new Revision(1), 1, page));
        Assert.Equal(3, page.Count);
    }

    [Fact]
    public void History_IsBoundedByBytes_AndMayHoldNothing()
    {
        var state = BucketState.Create(new BucketLimits { MaxHistoryBytes = 200 });
        for (var i = 0; i < 50; i++)
        {
            state.Put(0, "a", new string('x', i));
            Assert.InRange(state.HistoryBytes, 1, 200);
        }

        state.Put(0, "a", new string('x', 500));
        Assert.Equal((0, 0L, state.Revision), (state.HistoryCount, state.HistoryBytes, state.CompactedRevision));
        state.Put(0, "a", "x");
        Assert.Equal((HistoryStatus.Available, 53UL, "52-52"), Read(state, 52, 10));
    }

    [Fact]
    public void View_KeepsItsHistory_WhileTheLiveOneIsTrimmed()
    {
        var state = BucketState.Create(new BucketLimits { MaxHistoryEvents = 100 });
        for (var i = 0; i < 150; i++)
        {
            state.Put(i, "a", "v");
        }

        var view = state.TakeView();
        for (var i = 0; i < 500; i++)
        {
            state.Put(i, "a", "w");
        }

        List<ChangeEvent> page = [];
        Assert.Equal(new HistoryPage(HistoryStatus.Available, new Revision(151)), view.ReadHistory(new Revision(51), 1000, page));
        Assert.Equal(Enumerable.Range(51, 100).Select(i => (ulong)i), page.Select(change => change.Revision.Value));
        Assert.All(page, change => Assert.Equal(Make.Value("v"), change.Record.Value.ToArray()));
    }

    private static (HistoryStatus Status, ulong Next, string Revisions) Read(BucketState state, ulong from, int maxEvents)
    {
        List<ChangeEvent> page = [];
        var read = state.ReadHistory(new Revision(from), maxEvents, page);
        var revisions = page.Select(change => change.Revision.Value).Distinct().ToList();
        for (var i = 1; i < revisions.Count; i++)
        {
            Assert.Equal(revisions[i - 1] + 1, revisions[i]);
        }

        return (read.Status, read.Next.Value, revisions.Count == 0 ? "" : $"{revisions[0]}-{revisions[^1]}");
    }
}
