using OrleansStore.Integration.Harness;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three datacenters on the Orleans engine.</summary>
internal sealed class OrleansProcesses : ProcessGroup
{
    private readonly int _siloPort = FreePorts.Take(Size);
    private readonly int _gatewayPort = FreePorts.Take(Size);

    private OrleansProcesses(Func<string, string>? flags)
        : base(flags)
    {
    }

    /// <summary>Starts three processes with an empty store and waits until they are ready.</summary>
    /// <param name="flags">Returns flags for the datacenter of a name, in addition to those that every one has.</param>
    public static async Task<OrleansProcesses> StartAsync(Func<string, string>? flags = null)
    {
        var cluster = new OrleansProcesses(flags);
        cluster.StartAll();
        await cluster.ReadyAsync();
        return cluster;
    }

    protected override string EngineFlags(int datacenter)
    {
        var remotes = string.Join(',', Others(datacenter).Select(i => $"{Name(i)}=127.0.0.1:{_gatewayPort + i}"));
        return $"--engine orleans --silo-port {_siloPort + datacenter} --gateway-port {_gatewayPort + datacenter} --remotes {remotes}";
    }
}
