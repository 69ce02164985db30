using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansStore.Http.Connections;
using OrleansStore.Service;

namespace OrleansStore.Http;

/// <summary>Puts the REST facade into a web application. One application serves one datacenter.</summary>
public static class StoreFacadeExtensions
{
    // Prefix, start and end of a scan may each need three characters for each of their bytes.
    private const int MaxRequestLineBytes = 16 * 1024;

    /// <summary>Sets the server up for the facade: no <c>Server</c> header, request lines long enough for every key and range, body limits left to the facade, and connections
    /// that go on after a refused <c>Expect: 100-continue</c>. Other limits stay as they are.</summary>
    /// <remarks>To be called before endpoints are added. It takes the place of <see cref="KestrelServerOptions.ConfigureEndpointDefaults"/>. On endpoints with TLS a connection
    /// ends after such a refusal.</remarks>
    /// <param name="server">The options of the server.</param>
    public static void ConfigureOrleansStore(this KestrelServerOptions server)
    {
        ArgumentNullException.ThrowIfNull(server);
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = null;
        server.Limits.MaxRequestLineSize = Math.Max(server.Limits.MaxRequestLineSize, MaxRequestLineBytes);
        server.ConfigureEndpointDefaults(UnsentBodyTransport.Use);
    }

    /// <summary>Serves a store under <c>/v1</c>, <c>/health</c>, <c>/metrics</c> and <c>/openapi</c>. Every path that neither the facade nor another endpoint has is answered 404.</summary>
    /// <remarks>
    /// Middleware that authenticates callers comes before this call; the store is asked with the user it found. The server must not limit bodies by itself
    /// (<see cref="ConfigureOrleansStore"/>). When the application stops, requests under way are finished within its shutdown timeout, and <c>/health/ready</c> turns 503 at once.
    /// What the facade holds is freed when the application has stopped: one that was started is to be stopped before it is disposed.
    /// </remarks>
    /// <param name="app">The application; not started.</param>
    /// <param name="store">The store; not owned.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="timeProvider">The clock of deadlines and durations.</param>
    /// <returns><paramref name="app"/>.</returns>
    /// <exception cref="ArgumentException">The options break a rule; the message names all mistakes.</exception>
    public static WebApplication MapOrleansStore(this WebApplication app, IStoreService store, HttpFacadeOptions options, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options.Validate();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansStore.Http");
        var facade = new StoreFacade(new FacadeContext(store, options, timeProvider, log), app.Lifetime.ApplicationStopping);
        app.Lifetime.ApplicationStopped.Register(facade.Dispose);
        app.Use(facade.HandleAsync);
        return app;
    }
}
