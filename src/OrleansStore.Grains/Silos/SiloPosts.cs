using Orleans.Runtime.Services;
using OrleansStore.Datacenters.Silos;

namespace OrleansStore.Grains.Silos;

/// <summary>Finds the post of a silo.</summary>
internal sealed class SiloPosts(IServiceProvider services) : GrainServiceClient<ISiloPost>(services)
{
    /// <summary>The post of a silo, whether or not that still runs.</summary>
    public ISiloPost Of(SiloName silo) => GetGrainService(SiloAddress.FromParsableString(silo.Text));
}
