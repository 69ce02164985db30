namespace OrleansStore.Silo.Tests;

[Trait("Category", "Unit")]
public sealed class MistakeTests
{
    [Theory]
    [InlineData("--nonsense", "--nonsense is not a flag")]
    [InlineData("stray", "stray is not a flag")]
    [InlineData("--buckets", "--buckets needs a value")]
    [InlineData("--buckets --data x", "--buckets needs a value")]
    [InlineData("--data a --data b", "--data is given more than once")]
    [InlineData("--data=", "--data (empty)")]
    [InlineData("--buckets 63x", "--buckets 63x")]
    [InlineData("--buckets 63", "63 must be a power of two")]
    [InlineData("--buckets -4", "--buckets -4")]
    [InlineData("--buckets 131072", "131072 must be a power of two")]
    [InlineData("--primary dc9", "dc9 must be one of the peers")]
    [InlineData("--http-port 65534", "--http-port 65534")]
    [InlineData("--peer-port 0", "--peer-port 0")]
    [InlineData("--http-port 5200", "overlap")]
    [InlineData("--log-level loud", "--log-level loud")]
    [InlineData("--log-level 3", "--log-level 3")]
    [InlineData("--insecure-peers=maybe", "--insecure-peers maybe")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --clustering postgres", "--clustering postgres needs --storage postgres")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --clustering gossip", "--clustering gossip is not right: it must be one of localhost, postgres")]
    [InlineData("--engine orleans --clustering localhost", "--clustering localhost belongs to --datacenter")]
    [InlineData("--clustering postgres", "--clustering postgres belongs to the Orleans engine, but the engine is embedded")]
    [InlineData("--gateway-port 9001", "--gateway-port 9001 belongs to the Orleans engine, but the engine is embedded")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --peers dc1=a:1", "--peers dc1=a:1 belongs to the embedded engine, but the engine is orleans")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --remotes dc1=127.0.0.1:1", "--remotes must not name this datacenter, dc1")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --remotes dc2", "each must be NAME=HOST:PORT")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --remotes dc2=10.0.0.1:1", "need mutual TLS")]
    [InlineData("--datacenter dc1 --engine orleans --http 127.0.0.1:1 --advertise 0.0.0.0", "--advertise 0.0.0.0")]
    [InlineData("--engine orleans --silo-port 5203", "overlap")]
    [InlineData("--engine orleans --primary dc9", "dc9 must be one of the peers")]
    [InlineData("--engine akka", "--engine akka")]
    [InlineData("--storage postgres", "--storage postgres needs --postgres CONNECTION")]
    [InlineData("--storage tape", "--storage tape is not right: it must be one of files, postgres")]
    [InlineData("--postgres Host=a;Database=b", "--postgres belongs to --storage postgres")]
    [InlineData("--storage postgres --postgres Host=a;Database=b", "must hold {datacenter}")]
    [InlineData("--storage postgres --postgres Host=a_{datacenter}", "it must name a database")]
    [InlineData("--storage postgres --postgres Hoast={datacenter}", "connection string is not right")]
    [InlineData("--http 127.0.0.1:1", "--http 127.0.0.1:1 belongs to --datacenter")]
    [InlineData("--peer 127.0.0.1:1", "--peer 127.0.0.1:1 belongs to --datacenter")]
    [InlineData("--datacenter dc1 --peers dc1=127.0.0.1:1", "--datacenter dc1 needs --http")]
    [InlineData("--datacenter dc1 --http 127.0.0.1:1", "--datacenter dc1 needs --peers")]
    [InlineData(Reading.One + " --http-port 1", "--http-port 1 belongs to three datacenters")]
    [InlineData(Reading.One + " --peer 127.0.0.1:0", "--peer 127.0.0.1:0")]
    [InlineData("--datacenter dc9 --http 127.0.0.1:1 --peers dc1=127.0.0.1:1,dc2=127.0.0.1:2", "dc9")]
    [InlineData("--datacenter dc1 --http example.org:1 --peers dc1=127.0.0.1:1", "--http example.org:1")]
    [InlineData("--datacenter dc1 --http 127.0.0.1:1 --peers dc1=127.0.0.1:1,,dc2", "\"dc2\"")]
    [InlineData("--datacenter dc1 --http 127.0.0.1:1 --peers dc1=127.0.0.1:1,dc1=127.0.0.1:2", "dc1 twice")]
    [InlineData("--datacenter ../x --http 127.0.0.1:1 --peers ../x=127.0.0.1:1", "../x")]
    [InlineData("--datacenter dc1 --http 127.0.0.1:1 --peers dc1=10.0.0.1:1", "need mutual TLS")]
    [InlineData(Reading.One + " --peer 0.0.0.0:1", "need mutual TLS")]
    [InlineData(Reading.One + " --peer-certificate c", "belong together")]
    public void Mistake_IsNamedWithItsValue(string arguments, string expected) =>
        Assert.Contains(expected, Reading.Complaint(arguments), StringComparison.Ordinal);

    [Fact]
    public void Mistakes_AreAllInOneMessage_WhateverTheirSource()
    {
        var complaint = Reading.Complaint(
            "--nonsense --buckets 63", new() { ["ORLEANSSTORE__LOGLEVEL"] = "loud", ["ORLEANSSTORE__BUCKET"] = "1" }, """{ "OrleansStore": { "HttpPort": "x", "Shards": 3, "Data": [] } }""");

        string[] expected = ["--nonsense", "63", "ORLEANSSTORE__LOGLEVEL loud", "ORLEANSSTORE__BUCKET ", "OrleansStore:HttpPort x", "OrleansStore:Shards", "OrleansStore:Data is Array"];
        Assert.All(expected, part => Assert.Contains(part, complaint, StringComparison.Ordinal));
        Assert.StartsWith($"{expected.Length} mistakes", complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "cannot be read")]
    [InlineData("[]", "must hold an object")]
    [InlineData("""{ "OrleansStore": 1 }""", "must be an object")]
    [InlineData("""{ "OrleansStore": { "Peers": { "dc1": 5 } } }""", "OrleansStore:Peers is Object")]
    public void File_IsRefused_WhenItIsNotWhatItShouldBe(string json, string expected) =>
        Assert.Contains(expected, Reading.Complaint(string.Empty, json: json), StringComparison.Ordinal);
}
