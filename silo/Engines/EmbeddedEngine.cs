using Microsoft.Extensions.Logging;
using OrleansStore.Embedded;
using OrleansStore.Service;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Engines;

/// <summary>The embedded engine.</summary>
internal sealed class EmbeddedEngine(EmbeddedDatacenter datacenter) : IDatacenterEngine
{
    public string Name => datacenter.Name;

    public IStoreService Store => datacenter.Store;

    public Task Completion => datacenter.Completion;

    public static async Task<IDatacenterEngine> StartAsync(EmbeddedSettings settings, ILoggerFactory loggers, TimeProvider time) =>
        new EmbeddedEngine(await EmbeddedDatacenter.StartAsync(settings.Engine, loggers, time));

    public Task StopAsync(TimeSpan patience) => datacenter.StopAsync(patience);

    public ValueTask DisposeAsync() => datacenter.DisposeAsync();
}
