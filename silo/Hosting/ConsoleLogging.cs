using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace OrleansStore.Silo.Hosting;

/// <summary>The log of the process: one line per event on stderr, so that stdout holds the ready lines alone.</summary>
internal static class ConsoleLogging
{
    /// <summary>Creates the loggers.</summary>
    /// <param name="level">The least level of the store's own events; those of the web server are shown from Warning on, or from this level where it is above.</param>
    /// <returns>Owned by the caller; disposing of it writes what is queued.</returns>
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(logging =>
    {
        logging
            .SetMinimumLevel(level > LogLevel.Warning ? level : LogLevel.Warning)
            .AddFilter("OrleansStore", level)

            // Were it on, the web server would begin an activity for every request; what it has to say, its connections say as well.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)

            // The runtime tells of its own business in the name of our grain service.
            .AddFilter("OrleansStore.Grains.Silos", level > LogLevel.Warning ? level : LogLevel.Warning)

            // What the runtime of the Orleans engine warns of while a datacenter is away, the links say once and better.
            .AddFilter("Orleans.", level > LogLevel.Error ? level : LogLevel.Error)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
