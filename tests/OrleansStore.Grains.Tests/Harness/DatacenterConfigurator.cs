using System.Globalization;
using Orleans.TestingHost;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service.Replicas;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Adds the store to the silos of a test cluster; what differs from cluster to cluster comes through their configuration.</summary>
internal sealed class DatacenterConfigurator : ISiloConfigurator
{
    public const string Datacenter = "store:datacenter";
    public const string Folder = "store:folder";
    public const string Remotes = "store:remotes";
    public const string HibernateAfterMs = "store:hibernate";

    public const int Buckets = 16;

    public void Configure(ISiloBuilder silo)
    {
        var configuration = silo.Configuration;
        silo.AddOrleansStore(store =>
        {
            (store.Datacenter, store.DataDirectory, store.BucketCount) = (configuration[Datacenter]!, configuration[Folder]!, Buckets);
            store.Buckets = new SiloOptions { HibernateAfter = TimeSpan.FromMilliseconds(int.Parse(configuration[HibernateAfterMs]!, CultureInfo.InvariantCulture)) };
            foreach (var remote in configuration[Remotes]!.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                var (name, port) = (remote.Split(':')[0], int.Parse(remote.Split(':')[1], CultureInfo.InvariantCulture));
                store.Remotes[name] = [new PeerEndpoint("127.0.0.1", port)];
            }
        });
    }
}
