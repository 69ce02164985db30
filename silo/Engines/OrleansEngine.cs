using Microsoft.Extensions.Logging;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Engines;

/// <summary>The Orleans engine; in the flavour that has it.</summary>
internal sealed class OrleansEngine(OrleansDatacenter datacenter) : IDatacenterEngine
{
    public string Name => datacenter.Name;

    public IStoreService Store => datacenter.Store;

    public Task Completion => datacenter.Completion;

    public static async Task<IDatacenterEngine> StartAsync(OrleansSettings settings, ILoggerFactory loggers, TimeProvider time) =>
        new OrleansEngine(await OrleansDatacenter.StartAsync(ToOptions(settings, time), loggers));

    // The options of the store say how long a stop waits; they have the same patience.
    public Task StopAsync(TimeSpan patience) => datacenter.StopAsync();

    public ValueTask DisposeAsync() => datacenter.DisposeAsync();

    private static OrleansDatacenterOptions ToOptions(OrleansSettings settings, TimeProvider time) => new()
    {
        Address = settings.Address,
        SiloPort = settings.SiloPort,
        GatewayPort = settings.GatewayPort,
        Store = new OrleansStoreOptions
        {
            Datacenter = settings.Datacenter,
            Remotes = settings.Remotes.ToDictionary(),
            DataDirectory = settings.DataDirectory,
            Postgres = settings.Postgres,
            BucketCount = settings.BucketCount,
            Primary = settings.Primary,
            Security = settings.Security,
            Time = time,
        },
    };
}
