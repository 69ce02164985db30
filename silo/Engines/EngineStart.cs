using Microsoft.Extensions.Logging;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Engines;

/// <summary>Starts the engine that settings ask for: the one place that differs between the flavours of the program.</summary>
internal static class EngineStart
{
#if ORLEANS
    /// <summary>Why the Orleans engine cannot be had; null where it can.</summary>
    public static string? OrleansIsMissing => null;
#else
    /// <summary>Why the Orleans engine cannot be had; null where it can.</summary>
    public static string? OrleansIsMissing =>
        "This build has no Orleans engine; where the feed has the packages Microsoft.Orleans.* 10.4.2, `dotnet run --project silo -p:Orleans=true -- --engine orleans` builds and runs one that has";
#endif

    /// <summary>Starts it.</summary>
    /// <param name="settings">Of one datacenter; checked.</param>
    /// <param name="loggers">Where to log; not owned.</param>
    /// <param name="time">The clocks.</param>
    /// <exception cref="Exception">Whatever <see cref="Hosting.Failure"/> tells apart.</exception>
    public static Task<IDatacenterEngine> RunAsync(DatacenterSettings settings, ILoggerFactory loggers, TimeProvider time) => settings switch
    {
        EmbeddedSettings embedded => EmbeddedEngine.StartAsync(embedded, loggers, time),
#if ORLEANS
        OrleansSettings orleans => OrleansEngine.StartAsync(orleans, loggers, time),
#endif
        _ => throw new ArgumentException($"{settings.Datacenter} asks for an engine that this build does not have."),
    };
}
