using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansStore.Client.Orleans.Calls;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans;

/// <summary>Adds the store to the services of an Orleans application.</summary>
public static class GrainStoreServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IStore"/> as a singleton: in a silo that runs the store, over that silo's own router and without a network hop; elsewhere over the router grains of the cluster.</summary>
    /// <param name="services">The services of a silo, or of a cluster client.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <returns>The options, for further configuration. They are checked when the store is first asked for; mistakes are thrown as <see cref="ArgumentException"/>, all in one.</returns>
    public static OptionsBuilder<GrainStoreOptions> AddOrleansStoreClient(this IServiceCollection services, Action<GrainStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IStore>(static provider => new GrainStore(
            provider.GetService<IStoreRouter>() ?? new ClusterRouter(provider.GetRequiredService<IGrainFactory>(), TimeProvider.System),
            provider.GetRequiredService<IOptions<GrainStoreOptions>>().Value,
            TimeProvider.System));
        return services.AddOptions<GrainStoreOptions>().Configure(configure ?? (static _ => { }));
    }
}
