using System.Net;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Links;
using OrleansStore.Silo.Engines;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Tests;

[Trait("Category", "Unit")]
public sealed class SettingsTests
{
    [Fact]
    public void Settings_AreThreeDatacentersOnLoopback_WhenNothingIsGiven()
    {
        var settings = Reading.Settings(string.Empty);

        Assert.Equal(["dc1", "dc2", "dc3"], settings.Datacenters.Select(datacenter => datacenter.Datacenter));
        Assert.Equal([5101, 5102, 5103], settings.Datacenters.Select(datacenter => datacenter.Http.Port));
        Assert.All(settings.Datacenters, datacenter => Assert.Equal(IPAddress.Loopback, datacenter.Http.Address));
        var engine = settings.Datacenters[2].Engine();
        Assert.Equal([5201, 5202, 5203], engine.Peers.OrderBy(peer => peer.Key, StringComparer.Ordinal).Select(peer => peer.Value.Port));
        Assert.Equal("data", engine.DataDirectory);
        Assert.Null(engine.BucketCount);
        Assert.Null(engine.Primary);
        Assert.Equal(LogLevel.Information, settings.LogLevel);
    }

    [Fact]
    public void Ports_AreShifted_WhenTheFirstOfARangeIsGiven()
    {
        var settings = Reading.Settings("--http-port 8001 --peer-port=9001");

        Assert.Equal([8001, 8002, 8003], settings.Datacenters.Select(datacenter => datacenter.Http.Port));
        Assert.Equal(new PeerEndpoint("127.0.0.1", 9003), settings.Datacenters[0].Engine().Peers["dc3"]);
    }

    [Fact]
    public void HttpPorts_AreAnyFreeOnes_WhenTheFirstIsZero() =>
        Assert.All(Reading.Settings("--http-port 0").Datacenters, datacenter => Assert.Equal(0, datacenter.Http.Port));

    [Fact]
    public void Settings_AreOneDatacenter_WhenItIsNamed()
    {
        var settings = Reading.Settings($"{Reading.One} --peer 0.0.0.0:6000 --insecure-peers --data d --buckets 128 --primary dc2 --log-level WARNING");

        var (engine, http) = (EmbeddedSettings)Assert.Single(settings.Datacenters);
        Assert.Equal("dc1", engine.Datacenter);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:5101"), http);
        Assert.Equal(new PeerEndpoint("0.0.0.0", 6000), engine.Listen);
        Assert.Equal(3, engine.Peers.Count);
        Assert.True(engine.Security.InsecurePeers);
        Assert.Equal("d", engine.DataDirectory);
        Assert.Equal(128, engine.BucketCount);
        Assert.Equal("dc2", engine.Primary);
        Assert.Equal(LogLevel.Warning, settings.LogLevel);
    }

    [Fact]
    public void Certificates_ReachTheEngine()
    {
        var security = Reading.Settings($"{Reading.One} --peer-certificate c --peer-key k --peer-authority a").Datacenters[0].Engine().Security;

        Assert.Equal(("c", "k", "a"), (security.CertificatePath, security.KeyPath, security.AuthorityPath));
    }

    [Fact]
    public void Flag_CountsMoreThanVariable_AndVariableMoreThanFile()
    {
        const string Json = """{ "OrleansStore": { "Data": "file", "Buckets": 16, "Primary": "dc3" } }""";
        var engine = Reading.Settings("--data flag", new() { ["ORLEANSSTORE__DATA"] = "variable", ["ORLEANSSTORE__BUCKETS"] = "32" }, Json).Datacenters[0].Engine();

        Assert.Equal(("flag", 32, "dc3"), (engine.DataDirectory, engine.BucketCount, engine.Primary));
    }

    [Fact]
    public void Everything_CanComeFromVariables()
    {
        var (engine, http) = (EmbeddedSettings)Reading.Settings(
            string.Empty,
            new()
            {
                ["ORLEANSSTORE__ENGINE"] = "embedded",
                ["ORLEANSSTORE__STORAGE"] = "files",
                ["ORLEANSSTORE__DATACENTER"] = "b",
                ["ORLEANSSTORE__HTTP"] = "[::1]:80",
                ["ORLEANSSTORE__PEER"] = "localhost:81",
                ["ORLEANSSTORE__PEERS"] = "a=127.0.0.1:1, b=127.0.0.1:2",
                ["ORLEANSSTORE__DATA"] = "x",
                ["ORLEANSSTORE__BUCKETS"] = "1024",
                ["ORLEANSSTORE__PRIMARY"] = "a",
                ["OTHER__HTTP"] = "nonsense",
            }).Datacenters.Single();

        Assert.Equal(("b", "x", 1024, "a"), (engine.Datacenter, engine.DataDirectory, engine.BucketCount, engine.Primary));
        Assert.Equal(IPEndPoint.Parse("[::1]:80"), http);
        Assert.Equal(new PeerEndpoint("localhost", 81), engine.Listen);
    }

    [Fact]
    public void File_MayHoldCommentsOtherSectionsAndPeersAsAnObject()
    {
        const string Json = """
            {
              // Comment.
              "Other": { "Buckets": "nonsense" },
              "OrleansStore": { "datacenter": "dc1", "Http": "localhost:1", "InsecurePeers": true, "Peers": { "dc1": "dc1.example:5", "dc2": "dc2.example:6" }, },
            }
            """;
        var engine = Reading.Settings(string.Empty, json: Json).Datacenters.Single().Engine();

        Assert.Equal(new PeerEndpoint("dc2.example", 6), engine.Peers["dc2"]);
        Assert.True(engine.Security.InsecurePeers);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--nonsense -h")]
    public void Help_NamesEveryFlag_WhateverElseIsGiven(string arguments)
    {
        var help = Reading.Of(arguments).Information!;

        Assert.All(SettingDefinitions.All, definition => Assert.Contains(definition.Flag + " ", help, StringComparison.Ordinal));
    }

    // Both flavours of the program run this; what holds depends on which it is.
    [Fact]
    public void OrleansEngine_IsBoundToClustersOnLoopback_OrRefusedInOneSentence()
    {
        if (EngineStart.OrleansIsMissing is { } reason)
        {
            Assert.Contains("-p:Orleans=true", Reading.Complaint("--engine orleans"), StringComparison.Ordinal);
            Assert.Contains(reason, Reading.Complaint("--engine orleans"), StringComparison.Ordinal);
            return;
        }

        var second = Reading.Settings("--engine orleans --gateway-port 9001").Datacenters[1].Orleans();
        Assert.Equal(("dc2", 5302, 9002), (second.Datacenter, second.SiloPort, second.GatewayPort));
        Assert.Equal([new PeerEndpoint("127.0.0.1", 9001)], second.Remotes["dc1"]);
        Assert.Equal(["dc1", "dc3"], second.Remotes.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Version_IsThatOfTheBuild() => Assert.Matches(@"^OrleansStore \d+\.\d+\.\d+$", Reading.Of("--version").Information);

    [Fact]
    public void Readme_DescribesEverySetting()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "silo-README.md"));

        Assert.All(SettingDefinitions.All, definition => Assert.Contains($"| `{definition.Flag}", readme, StringComparison.Ordinal));
        Assert.All(SettingDefinitions.All, definition => Assert.Contains($"`{definition.Variable}`", readme, StringComparison.Ordinal));
    }
}
