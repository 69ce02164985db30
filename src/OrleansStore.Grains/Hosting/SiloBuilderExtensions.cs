using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Buckets;
using OrleansStore.Grains.Links;
using OrleansStore.Grains.Placement;
using OrleansStore.Grains.Routing;
using OrleansStore.Grains.Silos;

namespace OrleansStore.Grains.Hosting;

/// <summary>Adds the store to silos.</summary>
public static class SiloBuilderExtensions
{
    /// <summary>Has this silo run its part of the store: its cluster is one datacenter. Grains of the same silo reach the store without a network hop.</summary>
    /// <remarks>The store starts with the silo, once that is active, and stops with it before the grains do: it hands leadership over and finishes what is under way. Where it cannot start, the silo
    /// does not. The options are checked then; mistakes are thrown as one <see cref="ArgumentException"/>.</remarks>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddOrleansStore(this ISiloBuilder silo, Action<OrleansStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(configure);
        var services = silo.Services;
        services.AddOptions<OrleansStoreOptions>().Configure(configure);
        services.TryAddSingleton<StoreEngine>();
        services.TryAddSingleton<GatewayStreams>();
        services.TryAddSingleton<StoreTopologyHint>();
        services.TryAddSingleton<BucketActivations>();
        services.TryAddSingleton<SiloPosts>();
        services.TryAddSingleton<ISiloCluster, SiloCluster>();
        services.TryAddSingleton<LinkEntrance>();
        services.TryAddSingleton<IStoreRouter, LocalRouter>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<StoreEngine>());
        silo.AddGrainService<SiloPost>();
        services.AddPlacementDirector<BucketPlacement, BucketPlacementDirector>();
        return silo;
    }
}
