using System.Collections.Immutable;
using System.Text;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Scans;
using static OrleansStore.Service.Tests.Routing.RouterFixture;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Scans over all buckets: where they go, and how they fail. <see cref="ScanPropertyTests"/> has what they return.</summary>
[Trait("Category", "Unit")]
public sealed class ScanTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a/{x", false)]
    [InlineData("a/{}", false)]
    [InlineData("a/{}b{x}", false)]
    [InlineData("x}", false)]
    [InlineData("{x}", true)]
    [InlineData("a/{x}", true)]
    [InlineData("a/{x}/b{y", true)]
    [InlineData("}{x}", true)]
    [InlineData("{{x}}", true)]
    public void Scan_AsksOneBucket_WhenThePrefixHoldsAWholePartitionKey(string prefix, bool isOne)
    {
        using var fixture = new RouterFixture(buckets: 16);
        fixture.Client.Script(copy => copy.Answer("Found"));

        var reply = fixture.Scan(new ScanRequest(NamespaceId.Default, Encoding.ASCII.GetBytes(prefix)));

        Assert.Equal(ReadStatus.Found, reply.Status);
        Assert.Equal(isOne ? 1 : 16, fixture.Copies.Count);
        if (isOne)
        {
            // Whatever follows the prefix, the key is in that bucket.
            foreach (var rest in (string[])["", "z", "{q}", "}", "{"])
            {
                Assert.Equal(fixture.Map.BucketOf(NamespaceId.Default, Encoding.ASCII.GetBytes(prefix + rest)), fixture.Copies[0].Bucket);
            }
        }
    }

    [Theory]
    [InlineData("", "b", "b")]
    [InlineData("", "b", "a")]
    [InlineData("c", "", "c")]
    [InlineData("c", "", "b")]
    public void Scan_AsksNobody_WhenItsRangeIsEmpty(string prefix, string start, string end)
    {
        using var fixture = new RouterFixture();

        var reply = fixture.Scan(new ScanRequest(
            NamespaceId.Default, Encoding.ASCII.GetBytes(prefix), Encoding.ASCII.GetBytes(start), Encoding.ASCII.GetBytes(end)));

        Assert.Equal((ReadStatus.Found, 0, null), (reply.Status, reply.Records.Length, reply.Next));
        Assert.Empty(fixture.Copies);
    }

    [Theory]
    [InlineData("Throttled", ReadStatus.Throttled)]
    [InlineData("Unavailable", ReadStatus.Unavailable)]
    public void Scan_Fails_WhenOneBucketDoes(string status, ReadStatus expected)
    {
        using var fixture = new RouterFixture(buckets: 16);
        fixture.Client.Respond = copy => copy.Bucket.Number switch
        {
            5 => Task.FromResult(copy.Answer(status)),

            // The others are not waited for.
            > 5 => fixture.Client.HangAsync(copy),
            _ => Task.FromResult(copy.Answer("Found")),
        };
        var start = fixture.Time.Now;

        var reply = fixture.Scan(new ScanRequest(NamespaceId.Default), seconds: 10);

        Assert.Equal((expected, 0, null), (reply.Status, reply.Records.Length, reply.Next));
        Assert.NotNull(reply.RetryAfter);
        Assert.True(fixture.Time.Now - start < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Scan_EndsAtItsDeadline_WhenABucketHangs()
    {
        using var fixture = new RouterFixture(buckets: 4);
        fixture.Client.Respond = copy => copy.Bucket.Number == 2 ? fixture.Client.HangAsync(copy) : Task.FromResult(copy.Answer("Found"));
        var start = fixture.Time.Now;

        Assert.Equal(ReadStatus.Unavailable, fixture.Scan(new ScanRequest(NamespaceId.Default), seconds: 2).Status);

        Assert.Equal(TimeSpan.FromSeconds(2), fixture.Time.Now - start);
    }

    [Fact]
    public void Scan_CanBeCancelled()
    {
        using var fixture = new RouterFixture(buckets: 4);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1), fixture.Time);
        fixture.Client.Respond = fixture.Client.HangAsync;
        var start = fixture.Time.Now;

        Assert.ThrowsAny<OperationCanceledException>(
            () => fixture.Time.Run(() => fixture.Router.ScanAsync(new ScanRequest(NamespaceId.Default), For(5), cancellation.Token).AsTask()));

        Assert.Equal(TimeSpan.FromSeconds(1), fixture.Time.Now - start);
    }

    [Fact]
    public void Scan_BoundsItsParallelism_AndTheirNumber()
    {
        using var fixture = new RouterFixture(new RouterOptions { ScanParallelism = 3, MaxScans = 2 }, buckets: 16);
        var (running, most) = (0, 0);
        fixture.Client.Respond = async copy =>
        {
            most = Math.Max(most, ++running);
            await Task.Delay(TimeSpan.FromMilliseconds(10), fixture.Time);
            running--;
            return copy.Answer("Found");
        };
        fixture.Time.Run(async () =>
        {
            var scans = Enumerable.Range(0, 3).Select(_ => fixture.Router.ScanAsync(new ScanRequest(NamespaceId.Default), For(5), default).AsTask()).ToArray();
            var replies = await Task.WhenAll(scans);
            Assert.Equal([ReadStatus.Found, ReadStatus.Found, ReadStatus.Throttled], replies.Select(reply => reply.Status));
        });

        Assert.Equal(6, most);
        Assert.Equal(ReadStatus.Found, fixture.Scan(new ScanRequest(NamespaceId.Default)).Status);
    }

    // The selection knows keys and sizes only; what it asks for never has values, and no more of it than fits a page.
    [Fact]
    public void Selection_AsksForKeysOnly_AndLessAndLessOfThem()
    {
        using var fixture = new RouterFixture(buckets: 64);
        fixture.Client.Respond = copy =>
        {
            var scan = ((PageRequest)copy.Request).Scan;
            Assert.InRange(scan.Limit, 1, 62);
            var records = scan.IncludeValues ? [] : Enumerable.Range(0, scan.Limit)
                .Select(i => Record($"{i:000}/{copy.Bucket.Number:00}", 10))
                .Where(record => scan.End.IsEmpty || record.Key.Bytes.Span.SequenceCompareTo(scan.End.Span) < 0).ToImmutableArray();
            return Task.FromResult(new CallResult(CallStatus.Answered, new BucketReply(
                0, Page: new ScanPage(ReadStatus.Found, records, null, new Revision(1), LogIndex.None))));
        };

        var reply = fixture.Scan(new ScanRequest(NamespaceId.Default, limit: 100, includeValues: false));

        Assert.Equal(100, reply.Records.Length);
        Assert.Equal("001/36", Encoding.ASCII.GetString(reply.Next!.Value.Span));
        Assert.StartsWith("001/", Encoding.ASCII.GetString(((PageRequest)fixture.Copies[^1].Request).Scan.End.Span), StringComparison.Ordinal);
        Assert.All(fixture.Copies, copy => Assert.False(((PageRequest)copy.Request).Scan.IncludeValues));
    }

    // Between selection and filling everything may grow: the page stays within its bounds, and always gets further.
    [Fact]
    public void Filling_CutsThePage_WhenValuesHaveGrown()
    {
        var request = new ScanRequest(NamespaceId.Default, limit: 10, maxBytes: 1000);
        var selected = Enumerable.Range(0, 6).Select(i => (new BucketId((uint)(i % 3)), Record($"k{i}", 100))).ToList();
        var filling = new ScanFilling(request, selected, bound: null);
        var asked = new List<string>();
        while (filling.TryTakeWork(out var bucket, out var page))
        {
            asked.Add($"{bucket}: {Encoding.ASCII.GetString(page.Start.Span)} to {Convert.ToHexStringLower(page.End.Span)}");

            // Each bucket's first record has grown beyond all bounds; it comes alone.
            var first = selected.First(each => each.Item1 == bucket).Item2.Key;
            var second = selected.Last(each => each.Item1 == bucket).Item2.Key;
            filling.Add(new ScanPage(ReadStatus.Found, [Record(first, 1500)], second.Bytes, new Revision(1), LogIndex.None));
        }

        // After two of them the third is not even asked for.
        Assert.Equal(["0: k0 to 6b3300", "1: k1 to 6b3400"], asked);
        var reply = filling.Take();
        Assert.Equal(["k0"], reply.Records.Select(record => Encoding.ASCII.GetString(record.Key.Bytes.Span)));
        Assert.Equal("k1", Encoding.ASCII.GetString(reply.Next!.Value.Span));
    }

    private static StoreRecord Record(string key, int bytes) => Record(StoreKey.FromText(key), bytes);

    private static StoreRecord Record(StoreKey key, int bytes) => new()
    {
        Key = key,
        ValueBytes = bytes,
        Value = new byte[bytes],
        CreateRevision = new Revision(1),
        ModifyRevision = new Revision(1),
        Version = 1,
    };
}
