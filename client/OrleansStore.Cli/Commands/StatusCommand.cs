using System.CommandLine;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Status;
using Spectre.Console;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore status</c></summary>
internal sealed class StatusCommand : CliCommand
{
    private readonly Option<bool> _buckets = new("--buckets") { Description = "With every bucket: its leader, term and commit, and what each datacenter has applied." };
    private readonly Option<bool> _watch = new("--watch") { Description = "Ask again and again until Ctrl-C. Without a terminal, one line each time." };
    private readonly DefaultedOption<TimeSpan> _interval = DurationOption.Create(
        "--interval", "With --watch, how long between two times.", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50), TimeSpan.FromHours(1));
    private readonly Option<int?> _count = CountOption.CreateOptional("--count", "With --watch, how many times. Default: until Ctrl-C.", 1, int.MaxValue);

    public StatusCommand(CommandRunner runner)
        : base(
            runner,
            "status",
            "Tells what each datacenter knows of the store: links, buckets, who leads. Wakes no bucket. The exit code is 6 where none of them answers.",
            "ostore status",
            "ostore status --buckets --output json",
            "ostore status --watch --interval 500ms")
    {
        Options.Add(_buckets);
        Options.Add(_watch);
        Options.Add(_interval);
        Options.Add(_count);
    }

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        using var client = new StatusClient(session.Endpoints, session.Timeout, session.Host.Time);
        var withBuckets = arguments.GetValue(_buckets);
        if (arguments.GetValue(_watch))
        {
            await WatchAsync(session, client, new Watch(_interval.Read(arguments), arguments.GetValue(_count), withBuckets), cancellationToken);
            return ExitCode.Ok;
        }

        var found = await client.AskAllAsync(cancellationToken);
        if (found.All(endpoint => endpoint.Status is null))
        {
            throw new StoreException(ErrorCode.Unavailable, "No datacenter tells its status.");
        }

        Write(session, found, withBuckets);
        if (found.Select(endpoint => endpoint.Status?.StoreId).OfType<string>().Distinct().Count() > 1)
        {
            session.Tell("ostore: These endpoints belong to different stores.");
        }

        return ExitCode.Ok;
    }

    private static async Task WatchAsync(CliSession session, StatusClient client, Watch watch, CancellationToken cancellationToken)
    {
        try
        {
            if (session.IsJson || !session.Host.IsOutputTerminal)
            {
                await RepeatAsync(session, client, watch, found => WriteLine(session, found, watch.WithBuckets), cancellationToken);
                return;
            }

            await Terminal.On(session.Output).Live(new Text("asking...")).StartAsync(live => RepeatAsync(
                session, client, watch, found => live.UpdateTarget(new Text(string.Join('\n', StatusText.Lines(found, watch.WithBuckets)))), cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
        }
    }

    private static async Task RepeatAsync(
        CliSession session, StatusClient client, Watch watch, Action<IReadOnlyList<EndpointStatus>> show, CancellationToken cancellationToken)
    {
        for (var times = 1; ; times++)
        {
            show(await client.AskAllAsync(cancellationToken));
            if (times == watch.Count)
            {
                return;
            }

            await Task.Delay(watch.Interval, session.Host.Time, cancellationToken);
        }
    }

    private static void Write(CliSession session, IReadOnlyList<EndpointStatus> found, bool withBuckets)
    {
        if (session.IsJson)
        {
            session.WriteJson(json => StatusReport.Write(json, found, withBuckets));
            return;
        }

        foreach (var line in StatusText.Lines(found, withBuckets))
        {
            session.Output.WriteLine(line);
        }
    }

    private static void WriteLine(CliSession session, IReadOnlyList<EndpointStatus> found, bool withBuckets)
    {
        var now = session.Host.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        if (session.IsJson)
        {
            session.WriteJson(json =>
            {
                json.WriteString("time"u8, now);
                StatusReport.Write(json, found, withBuckets);
            });
            return;
        }

        session.Output.WriteLine($"{now} {StatusText.Line(found)}");
        session.Output.Flush();
    }

    private sealed record Watch(TimeSpan Interval, int? Count, bool WithBuckets);
}
