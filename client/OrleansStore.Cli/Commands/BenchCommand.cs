using System.CommandLine;
using System.Security.Cryptography;
using OrleansStore.Cli.Bench;
using OrleansStore.Cli.Bench.Wire;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore bench</c></summary>
internal sealed class BenchCommand : CliCommand
{
    private readonly BenchOptions _options;

    public BenchCommand(CommandRunner runner)
        : base(
            runner,
            "bench",
            "Measures a store: callers that each send one request after the other, for a time. Writes keys that begin with --prefix, and leaves them there. Any error makes the exit code 1.",
            "ostore bench put",
            "ostore bench get --callers 1 --duration 5s",
            "ostore bench mixed --ratio 0.9 --distribution zipf --keys 1000000",
            "ostore bench cas --keys 100 --output json",
            "ostore bench put --spread first --callers 256 --value-size 1024",
            "ostore bench put --driver client --allow-errors") => _options = new BenchOptions(this);

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var plan = _options.Read(session, arguments, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
        using var driver = CreateDriver(session, plan);
        var run = new BenchRun(plan, driver, session.Host.Time, new ProgressDisplay(session.Host));
        if (_options.IsPreloaded(arguments, plan.Mix) && await run.PreloadAsync(cancellationToken) is { } error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new StoreException(
                error == "outcome-unknown" ? ErrorCode.OutcomeUnknown : ErrorCode.Unavailable, $"The keys could not be written before the measurement: {error}, again and again.");
        }

        var result = await run.MeasureAsync(cancellationToken);
        BenchReport.Write(session, result);
        if (result.WasStopped)
        {
            session.Tell("ostore: Stopped early; these are the figures up to then.");
            return ExitCode.Failed;
        }

        if (result.Latency.Count == 0)
        {
            session.Tell("ostore: Nothing was measured. `ostore status` tells which datacenters answer.");
            return ExitCode.Failed;
        }

        return !result.HasErrors || _options.AllowsErrors(arguments) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static IBenchDriver CreateDriver(CliSession session, BenchPlan plan)
    {
        if (plan.Driver == BenchDriverKind.Client)
        {
            return new ClientDriver(plan, session.Endpoints, session.Host.Time);
        }

        session.Host.PrepareForLoad();
        return new WireDriver(plan, session.Host.Time);
    }
}
