using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansStore.Http;
using OrleansStore.Service;
using OrleansStore.Silo.Engines;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Hosting;

/// <summary>One datacenter of this process: its engine, and the web application in front of it.</summary>
internal sealed class DatacenterHost : IAsyncDisposable
{
    private readonly IDatacenterEngine _engine;
    private readonly WebApplication _application;

    private DatacenterHost(IDatacenterEngine engine, WebApplication application)
    {
        _engine = engine;
        _application = application;
    }

    /// <summary>The name of the datacenter.</summary>
    public string Name => _engine.Name;

    /// <summary>The store, through this datacenter.</summary>
    public IStoreService Store => _engine.Store;

    /// <summary>Where it serves HTTP, with the port that was given to it where 0 was asked for.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Fails where the datacenter cannot go on.</summary>
    public Task Completion => _engine.Completion;

    /// <summary>Opens the data folder, the peer port and the HTTP port, in this order. The store forms in the background.</summary>
    /// <param name="settings">Of this datacenter.</param>
    /// <param name="shutdown">How long requests may take to finish once the application stops.</param>
    /// <param name="loggers">Shared by all; not owned.</param>
    /// <param name="time">The clocks.</param>
    /// <exception cref="Exception">Whatever <see cref="Failure"/> tells apart.</exception>
    public static async Task<DatacenterHost> StartAsync(DatacenterSettings settings, TimeSpan shutdown, ILoggerFactory loggers, TimeProvider time)
    {
        var engine = await EngineStart.RunAsync(settings, loggers, time);
        var application = Build(settings.Http, shutdown, loggers);
        try
        {
            application.MapOrleansStore(engine.Store, new HttpFacadeOptions(), time);
            await application.StartAsync();
            return new DatacenterHost(engine, application);
        }
        catch (Exception exception)
        {
            await application.DisposeAsync();
            await engine.DisposeAsync();
            if (exception is IOException or SocketException)
            {
                throw new IOException($"{settings.Datacenter} cannot listen for HTTP on {settings.Http}: {exception.Message}", exception);
            }

            throw;
        }
    }

    /// <summary>Ends the HTTP port: no new connections, requests under way are finished.</summary>
    public Task StopRequestsAsync() => _application.StopAsync();

    /// <summary>Ends the engine cleanly: leadership goes to other datacenters, and what they asked of this one is finished.</summary>
    /// <param name="patience">How long to wait for what is in flight.</param>
    public Task StopEngineAsync(TimeSpan patience) => _engine.StopAsync(patience);

    /// <summary>Ends at once whatever was not stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _engine.DisposeAsync();
    }

    // An empty builder: no configuration, environment or logging but ours can reach the server.
    private static WebApplication Build(IPEndPoint http, TimeSpan shutdown, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "OrleansStore.Silo",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.ConfigureOrleansStore();
            server.Listen(http);
        });
        // An instance that is passed in is not disposed of with the application.
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdown);
        return builder.Build();
    }
}
