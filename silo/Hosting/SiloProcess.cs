using OrleansStore.Datacenters.Time;
using OrleansStore.Silo.Settings;

namespace OrleansStore.Silo.Hosting;

/// <summary>The life of the process: starts its datacenters, says when they are ready, waits for a signal or a failure, and stops them in the order that loses nothing.</summary>
internal static class SiloProcess
{
    // Together below the 10 s that service managers commonly grant between SIGTERM and SIGKILL.
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs until a signal asks the process to stop or a datacenter cannot go on.</summary>
    /// <param name="settings">What to run.</param>
    /// <param name="output">Takes the ready lines.</param>
    /// <param name="errors">Takes the reason of a failure.</param>
    public static async Task<ExitCode> RunAsync(SiloSettings settings, TextWriter output, TextWriter errors)
    {
        using var signals = new StopSignals();
        using var loggers = ConsoleLogging.Create(settings.LogLevel);
        var hosts = new List<DatacenterHost>();
        var isStarting = true;
        try
        {
            var time = new BootTimeProvider();
            using var memory = new IdleMemory(time);
            var announcer = new ReadyAnnouncer(output, loggers, time);
            foreach (var datacenter in settings.Datacenters)
            {
                hosts.Add(await DatacenterHost.StartAsync(datacenter, RequestPatience, loggers, time));
            }

            isStarting = false;
            await ServeAsync(hosts, signals.Requested, announcer);
            await StopAsync(hosts);
            return ExitCode.Stopped;
        }
        catch (Exception exception)
        {
            // The edge of the process: every failure gets a message and a code.
            var failure = Failure.Of(exception, isStarting);
            await errors.WriteLineAsync(failure.Message);
            return failure.Code;
        }
        finally
        {
            await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
        }
    }

    private static async Task ServeAsync(List<DatacenterHost> hosts, Task stopRequested, ReadyAnnouncer announcer)
    {
        using var stop = new CancellationTokenSource();
        var announcing = Task.WhenAll(hosts.Select(host => announcer.AnnounceAsync(host, stop.Token)));
        var ended = await Task.WhenAny([stopRequested, .. hosts.Select(host => host.Completion)]);
        await stop.CancelAsync();
        await announcing;
        await ended;
        if (ended != stopRequested)
        {
            throw new InvalidOperationException("A datacenter ended although nobody asked it to.");
        }
    }

    // 1. No datacenter takes new requests; those under way are finished while all engines still serve each other.
    // 2. The engines hand leadership over, each to those that are left, and close their logs.
    private static async Task StopAsync(List<DatacenterHost> hosts)
    {
        await Task.WhenAll(hosts.Select(host => host.StopRequestsAsync()));
        foreach (var host in hosts)
        {
            await host.StopEngineAsync(EnginePatience);
        }
    }
}
