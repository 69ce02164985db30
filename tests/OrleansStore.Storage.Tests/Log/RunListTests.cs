using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Log;

public sealed class RunListTests
{
    // The dumb twin: for each index, which record holds its newest copy.
    [Fact, Trait("Category", "Property")]
    public void RunList_AgreesWithAMap_WhenAnythingIsDone()
    {
        for (var seed = 1UL; seed <= 200; seed++)
        {
            var random = new Prng(seed);
            var segments = Enumerable.Range(1, 3).Select(number => Segment((ulong)number)).ToArray();
            var list = new RunList();
            var map = new SortedDictionary<ulong, (ulong Segment, long Offset)>();
            for (var step = 0; step < 120; step++)
            {
                Step(random, list, map, segments, offset: step);
                AssertEqual(seed, list, map, segments);
            }
        }
    }

    private static void Step(Prng random, RunList list, SortedDictionary<ulong, (ulong, long)> map, SegmentFile[] segments, long offset)
    {
        var first = 1 + (ulong)random.Next(40);
        var last = first + (ulong)random.Next(10);
        var segment = segments[random.Next(segments.Length)];
        var run = new Run(new LogIndex(first), new LogIndex(last), segment, offset, 10);
        switch (random.Next(5))
        {
            case 0:
                list.CompactTo(new LogIndex(first / 2));
                Remove(index => index <= first / 2);
                break;
            case 1:
                list.TruncateFrom(new LogIndex(last));
                Remove(index => index >= last);
                break;
            case 2:
                list.Replace(run);
                Set();
                break;
            default:
                list.Overwrite(run);
                Remove(index => index >= first);
                Set();
                break;
        }

        void Remove(Func<ulong, bool> isGone)
        {
            foreach (var index in map.Keys.Where(isGone).ToArray())
            {
                map.Remove(index);
            }
        }

        void Set()
        {
            for (var index = first; index <= last; index++)
            {
                map[index] = (segment.Number, offset);
            }
        }
    }

    private static void AssertEqual(ulong seed, RunList list, SortedDictionary<ulong, (ulong, long)> map, SegmentFile[] segments)
    {
        var expanded = new List<KeyValuePair<ulong, (ulong, long)>>();
        var live = new Dictionary<ulong, int>();
        for (var i = 0; i < list.Count; i++)
        {
            var run = list[i];
            live[run.Segment.Number] = live.GetValueOrDefault(run.Segment.Number) + 1;
            for (var index = run.First.Value; index <= run.Last.Value; index++)
            {
                expanded.Add(new(index, (run.Segment.Number, run.Offset)));
            }
        }

        Assert.True(map.SequenceEqual(expanded), $"seed={seed}");
        Assert.All(segments, segment => Assert.Equal(live.GetValueOrDefault(segment.Number), segment.LiveRecords));
        Assert.All(segments, segment => Assert.Equal(10 * segment.LiveRecords, segment.LiveBytes));
    }

    private static SegmentFile Segment(ulong number) =>
        new(SegmentHeader.Create(StorageHost.Identity, number, 1, 1, 0), file: null!);
}
