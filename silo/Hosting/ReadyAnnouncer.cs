using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrleansStore.Silo.Hosting;

/// <summary>Says when a datacenter is ready, and what it waits for where that takes long.</summary>
/// <param name="output">Takes one line per datacenter.</param>
/// <param name="loggers">Takes the reasons for waiting.</param>
/// <param name="time">The clock.</param>
internal sealed partial class ReadyAnnouncer(TextWriter output, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReminderInterval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger("OrleansStore.Silo");
    private readonly long _start = time.GetTimestamp();

    /// <summary>Waits until a datacenter serves, and says so. The predicate is that of its <c>/health/ready</c>.</summary>
    /// <param name="host">The datacenter.</param>
    /// <param name="stop">Ends the waiting without a word.</param>
    public async Task AnnounceAsync(DatacenterHost host, CancellationToken stop)
    {
        var nextReminder = ReminderInterval;
        while (host.Store.NotReadyReason is { } reason)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            if (time.GetElapsedTime(_start) >= nextReminder)
            {
                LogWaits(host.Name, reason);
                nextReminder += ReminderInterval;
            }

            await Task.Delay(CheckInterval, time, CancellationToken.None);
        }

        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ready: {host.Name} {host.Address} after {seconds:0.0} s"));
    }

    [LoggerMessage(1, LogLevel.Information, "{Datacenter} is not ready yet: {Reason}")]
    private partial void LogWaits(string datacenter, string reason);
}
