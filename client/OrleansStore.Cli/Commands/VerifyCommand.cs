using System.CommandLine;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Cli.Verify;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Processes;
using OrleansStore.Verification.Nemesis.Reports;

namespace OrleansStore.Cli.Commands;

/// <summary><c>ostore verify</c></summary>
internal sealed class VerifyCommand : CliCommand
{
    private readonly VerifyOptions _options;

    public VerifyCommand(CommandRunner runner)
        : base(
            runner,
            "verify",
            "Lets many clients work while processes die and links fail, and checks that every answer was right. Starts three datacenters of its own on this machine and does everything to them; with "
                + "--endpoints it watches a running cluster under load, writes keys that begin with verify-, leaves them there, and breaks nothing. Ends with 0 if the history is linearizable and no "
                + "acknowledged write was lost, 1 if not, 6 if the cluster could not be reached.",
            "ostore verify",
            "ostore verify --duration 10m --report verify.html",
            "ostore verify --faults kill,stop,blackhole,pair --clients 128 --load half",
            "ostore verify --delay 80ms --jitter 10ms --faults none --rate 500",
            "ostore verify --endpoints http://10.0.0.1:5101,http://10.0.1.1:5101 --rate 200 --output json",
            "ostore verify --silo ./OrleansStore.Silo.dll --seed 7") => _options = new VerifyOptions(this);

    protected override async Task<ExitCode> RunAsync(CliSession session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var bits = RandomNumberGenerator.GetBytes(2 * sizeof(ulong));
        var plan = _options.Read(session, arguments, (BitConverter.ToUInt32(bits), BitConverter.ToUInt64(bits, sizeof(ulong))));
        var report = plan.Endpoints is { } endpoints
            ? await VerifyAsync(session, plan, new AttachedCluster(endpoints), cancellationToken)
            : await VerifyOwnAsync(session, plan, cancellationToken);
        if (plan.ReportFile is { } file)
        {
            await using var page = new StreamWriter(file);
            NemesisPage.Write(report, plan.Command, page);
        }

        VerifyReport.Write(session, report, plan);
        return report.IsPassed ? ExitCode.Ok : ExitCode.Failed;
    }

    private static async Task<NemesisReport> VerifyOwnAsync(CliSession session, VerifyPlan plan, CancellationToken cancellationToken)
    {
        var options = new OwnClusterOptions
        {
            Program = plan.Silo!,
            Folder = Path.Combine(Path.GetTempPath(), $"ostore-{plan.Run.KeyPrefix.Trim('/').Split('/')[^1]}"),
            Buckets = plan.Buckets,
            Links = plan.Links,
            WantsSmallDisk = plan.Run.Faults.Contains(FaultKind.DiskFull),
        };
        try
        {
            await using var cluster = await OwnCluster.StartAsync(options, new SplitMix64(plan.Run.Seed ^ ulong.MaxValue), session.Host.Time);

            // The first signal ends the run, heals and tells; the second one ends this process at once, and what it started must not outlive it.
            var signals = 0;
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, AbandonAtSecond);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, AbandonAtSecond);
            return await VerifyAsync(session, plan, cluster, cancellationToken);

            void AbandonAtSecond(PosixSignalContext signal)
            {
                if (Interlocked.Increment(ref signals) > 1)
                {
                    cluster.Abandon();
                }
            }
        }
        catch (Win32Exception e)
        {
            throw new UsageException($"{plan.Silo} cannot be started: {e.Message}", e);
        }
    }

    private static async Task<NemesisReport> VerifyAsync(CliSession session, VerifyPlan plan, IFaultTarget target, CancellationToken cancellationToken)
    {
        foreach (var (kind, reason) in target.Omitted.Where(omitted => plan.Run.Faults.Contains(omitted.Key)).OrderBy(omitted => omitted.Key))
        {
            session.Tell($"ostore: Left out {FaultList.WordOf(kind)}: {reason}.");
        }

        var run = new NemesisRun(plan.Run, target, session.Host.Time);
        var work = run.RunAsync(cancellationToken);
        await new ProgressDisplay(session.Host).ShowPhasesAsync(() => Describe(run.Status), work);
        return await work;
    }

    private static (string Title, double? Share) Describe(NemesisStatus status)
    {
        var title = status.Phase switch
        {
            NemesisPhase.Starting => "waiting for the datacenters",
            NemesisPhase.Measuring => $"measuring the load, {status.Answered:N0} operations",
            NemesisPhase.Faults => $"{status.Answered:N0} operations{(status.Fault is null ? "" : ", " + status.Fault)}",
            NemesisPhase.Recovering => "all is healed; waiting for every client",
            NemesisPhase.Reading => "reading every key through every datacenter",
            _ => "checking the history",
        };
        return (title, status.Share);
    }
}
