using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Integration.Harness;

/// <summary>Three datacenters on the embedded engine.</summary>
internal sealed class Cluster : ProcessGroup
{
    private readonly string _peers;

    private Cluster(Func<string, string>? flags)
        : base(flags)
    {
        var peerPort = FreePorts.Take(Size);
        _peers = string.Join(',', Enumerable.Range(0, Size).Select(i => $"{Name(i)}=127.0.0.1:{peerPort + i}"));
    }

    /// <summary>Starts three processes with an empty store and waits until they are ready.</summary>
    /// <param name="flags">Returns flags for the datacenter of a name, in addition to those that every one has.</param>
    public static async Task<Cluster> StartAsync(Func<string, string>? flags = null)
    {
        var cluster = new Cluster(flags);
        cluster.StartAll();
        await cluster.ReadyAsync();
        return cluster;
    }

    protected override string EngineFlags(int datacenter) => $"--peers {_peers}";
}
