using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Datacenters.Time;
using OrleansStore.Embedded;
using OrleansStore.Http;

namespace OrleansStore.Client.Tests.Support;

/// <summary>One datacenter of a real store: engine, files and HTTP.</summary>
internal sealed class RealDatacenter(EmbeddedDatacenter engine, WebApplication web) : IAsyncDisposable
{
    public Uri Address => new(web.Urls.First());

    public string? NotReadyReason => engine.Store.NotReadyReason;

    public static async Task<RealDatacenter> StartAsync(EmbeddedOptions options)
    {
        var time = new BootTimeProvider();
        var engine = await EmbeddedDatacenter.StartAsync(options, NullLoggerFactory.Instance, time);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.ConfigureOrleansStore();
            server.Listen(IPAddress.Loopback, 0);
        });
        var web = builder.Build();
        web.MapOrleansStore(engine.Store, new HttpFacadeOptions(), time);
        await web.StartAsync();
        return new RealDatacenter(engine, web);
    }

    /// <summary>Ends the datacenter: leadership goes to the others, and its port refuses connections afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var impatient = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await web.StopAsync(impatient.Token);
        }

        await engine.StopAsync(TimeSpan.FromSeconds(2));
        await web.DisposeAsync();
        await engine.DisposeAsync();
    }
}
