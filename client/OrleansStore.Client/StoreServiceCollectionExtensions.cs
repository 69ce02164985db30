using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansStore.Client;

/// <summary>Adds the store to a service collection.</summary>
public static class StoreServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IStore"/> over HTTP as a singleton, which ends with the container.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The options, for further configuration. They are checked when a host starts, or else when the store is first asked for.</returns>
    /// <remarks>Mistakes are thrown as <see cref="OptionsValidationException"/>, all in one. A <see cref="TimeProvider"/> and loggers are taken from the container if it has them.</remarks>
    public static OptionsBuilder<StoreClientOptions> AddOrleansStore(this IServiceCollection services, Action<StoreClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreClientOptions>, StoreClientOptionsValidator>());
        services.TryAddSingleton<IStore>(static provider => new HttpStore(
            provider.GetRequiredService<IOptions<StoreClientOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<HttpStore>>()));
        return services.AddOptions<StoreClientOptions>().Configure(configure).ValidateOnStart();
    }

    private sealed class StoreClientOptionsValidator : IValidateOptions<StoreClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, StoreClientOptions options) =>
            options.FindErrors() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
