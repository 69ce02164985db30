using System.Text;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>Namespaces, partition keys, and what the interface over HTTP cannot carry.</summary>
[Trait("Category", "Unit")]
public sealed class KeySpaceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a{b")]
    [InlineData("ä")]
    [InlineData("a b")]
    public void Namespace_RefusesOtherNames(string name) => Assert.ThrowsAny<ArgumentException>(() => new StoreNamespace(name));

    [Fact]
    public void Namespace_PutsItselfInFront_AndTakesItselfOff()
    {
        var space = new StoreNamespace("a-B.9_");
        var key = StoreKey.FromText("{p}x");

        Assert.Equal(StoreKey.FromText("~a-B.9_/{p}x"), space.Qualify(key));
        Assert.Equal(key, space.Strip(space.Qualify(key)));
        Assert.Throws<ArgumentException>(() => space.Strip(key));
        Assert.Throws<ArgumentException>(() => space.Strip(new StoreKey(NamespaceId.Default, space.Prefix)));
        Assert.Throws<ArgumentException>(() => space.Qualify(default));
        Assert.Throws<ArgumentException>(() => space.Qualify(new StoreKey(NamespaceId.Default, new byte[StoreLimits.MaxKeyBytes])));
        Assert.ThrowsAny<ArgumentException>(() => new StoreNamespace(new string('a', StoreNamespace.MaxNameLength + 1)));
    }

    // Names are of the alphabet, so the first slash ends the name: no key of one namespace is a key of another.
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Namespaces_HaveNoKeyInCommon(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var round = 0; round < 2000; round++)
        {
            var (one, two) = (Name(random), Name(random));
            var (x, y) = (Tail(random), Tail(random));
            var same = new StoreNamespace(one).Qualify(StoreKey.FromText(x)) == new StoreNamespace(two).Qualify(StoreKey.FromText(y));

            Assert.True(same == (one == two && x == y), $"seed {seed}, round {round}: {one} {x}, {two} {y}");
        }
    }

    [Fact]
    public void PartitionKey_MakesKeysThatBeginWithIt()
    {
        var partition = PartitionKey.FromText("cart {7");

        Assert.Equal(StoreKey.FromText("{cart {7}total"), partition.Key("total"));
        Assert.Equal(StoreKey.FromText("{cart {7}"), partition.Key(""));
        Assert.Equal("{cart {7}", Encoding.UTF8.GetString(partition.Prefix.Span));
        Assert.Throws<ArgumentException>(() => PartitionKey.FromText(""));
        Assert.Throws<ArgumentException>(() => PartitionKey.FromText("a}b"));
        Assert.Throws<ArgumentException>(() => new PartitionKey(new byte[StoreLimits.MaxKeyBytes - 1]));
        Assert.Equal(StoreLimits.MaxKeyBytes, new PartitionKey(Enumerable.Repeat((byte)1, StoreLimits.MaxKeyBytes - 2).ToArray()).Key("").Bytes.Length);
    }

    [Fact]
    public async Task WhatHttpCannotCarry_IsRefused_AndNothingIsSent()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Put(1));
        using var store = Scripted.Connect(server);
        var (key, other) = (StoreKey.FromText("a"), StoreKey.FromText("b"));
        var system = new StoreKey(NamespaceId.System, new byte[] { 1 });
        Transaction[] refused =
        [
            Transaction.Of(Operation.Delete(system)),
            Transaction.Of(Operation.Delete(key), Guard.Exists(system)),
            Transaction.Of(Operation.Put(key, default, expiry: Expiry.After(TimeSpan.FromSeconds(1)))),
            Transaction.Of(Operation.Put(key, default, flags: 1)),
            Transaction.Of(Operation.Delete(key), Guard.RevisionIn(key, new Revision(1), new Revision(2))),
            Transaction.Of(Operation.Put(key, default), Guard.RevisionNotIn(other, new Revision(1))),
        ];

        foreach (var transaction in refused)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.CommitAsync(transaction));
        }

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetAsync(system));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task NamespacedScan_LeavesOutTheBarePrefix_WhichIsNoKeyOfTheNamespace()
    {
        const string page = """{"items":[{"key":"~n/","revision":1,"size":0,"contentType":"x/y","value":""},{"key":"~n/a","revision":2,"size":0,"contentType":"x/y","value":""}],"next":null}""";
        await using var server = ScriptedServer.Answering(ScriptedReply.Of(200, page));
        using var store = Scripted.Connect(server);
        List<StoreKey> keys = [];

        await foreach (var item in store.Namespace("n").ScanAsync(new ScanOptions { Start = new byte[] { 1 } }))
        {
            keys.Add(item.Key);
        }

        Assert.Equal([StoreKey.FromText("a")], keys);
        Assert.Equal("/v1/kv?limit=256&prefix=~n/&start=~n/%01&values=true", Assert.Single(server.Requests).Target);
    }

    private static string Name(SplitMix64 random) => Text(random, "a.-", 1 + random.Next(3));

    private static string Tail(SplitMix64 random) => Text(random, "a.-/~", 1 + random.Next(4));

    private static string Text(SplitMix64 random, string alphabet, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
}
