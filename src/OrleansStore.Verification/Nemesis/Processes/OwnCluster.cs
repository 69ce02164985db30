using System.Globalization;
using System.Net;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Links;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>Three datacenters that this tool starts, one process each, with its own proxies between them: everything may be done to them.</summary>
public sealed class OwnCluster : IFaultTarget, IAsyncDisposable
{
    /// <summary>How many datacenters there are.</summary>
    public const int Size = 3;

    private static readonly TimeSpan ShortestStall = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestStall = TimeSpan.FromMilliseconds(700);

    private readonly OwnClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly SplitMix64 _random;
    private readonly int[] _ports;
    private readonly SiloProcess?[] _processes = new SiloProcess?[Size];
    private readonly bool[] _mayEnd = new bool[Size];
    private readonly bool[] _complainedOf = new bool[Size];
    private readonly List<string> _complaints = [];
    private readonly LinkMesh _links;
    private SmallDisk? _smallDisk;
    private (Task Work, CancellationTokenSource Stop)? _stalling;

    private OwnCluster(OwnClusterOptions options, SplitMix64 random, TimeProvider time)
    {
        (_options, _random, _time) = (options, random, time);
        _ports = FreePorts.Take(2 * Size, random);
        _links = new LinkMesh([.. Enumerable.Range(0, Size).Select(i => new IPEndPoint(IPAddress.Loopback, _ports[Size + i]))], options.Links, random.Fork(), time);
        Endpoints = [.. Enumerable.Range(0, Size).Select(i => new Uri($"http://127.0.0.1:{_ports[i]}"))];
    }

    /// <inheritdoc/>
    public string Description => $"{Size} processes of its own on this machine, {_options.Buckets} buckets";

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Endpoints { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<FaultKind, string> Omitted { get; private set; } = new Dictionary<FaultKind, string>();

    /// <summary>Starts the processes on empty folders. It does not wait for them to be ready.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="random">For ports and jitter.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The folder cannot be made, or there are no free ports.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<OwnCluster> StartAsync(OwnClusterOptions options, SplitMix64 random, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(time);
        var cluster = new OwnCluster(options, random, time);
        try
        {
            await cluster.PrepareDiskAsync().ConfigureAwait(false);
            for (var i = 0; i < Size; i++)
            {
                cluster.Start(i);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task InjectAsync(FaultEvent fault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fault);
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await KillAsync(fault.Victim).ConfigureAwait(false);
                break;
            case FaultKind.AllKilled:
                await Task.WhenAll(Enumerable.Range(0, Size).Select(KillAsync)).ConfigureAwait(false);
                break;
            case FaultKind.Stop:
                _processes[fault.Victim]!.Stop();
                break;
            case FaultKind.Partition:
                ForEachLinkOf(fault.Victim, _links.Cut);
                break;
            case FaultKind.OneWay when fault.IsInbound:
                ForEachLinkOf(fault.Victim, (victim, other) => _links.Hold(other, victim));
                break;
            case FaultKind.OneWay:
                ForEachLinkOf(fault.Victim, _links.Hold);
                break;
            case FaultKind.Pair:
                HoldBoth(fault.Victim, fault.Peer);
                break;
            case FaultKind.Blackhole:
                ForEachLinkOf(fault.Victim, HoldBoth);
                break;
            case FaultKind.Stall:
                var stop = new CancellationTokenSource();
                _stalling = (StallAsync(fault.Victim, stop.Token), stop);
                break;
            case FaultKind.DiskFull:
                // Without room a process may give up: that is told by its exit code, and no fault of its own.
                _mayEnd[Size - 1] = true;
                await _smallDisk!.FillAsync(_time, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentException($"{fault.Kind} is no fault that can be injected.", nameof(fault));
        }
    }

    /// <inheritdoc/>
    public async Task HealAsync(FaultEvent fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        await EndStallAsync().ConfigureAwait(false);
        _links.Restore();
        if (fault.Kind == FaultKind.Stop)
        {
            _processes[fault.Victim]!.Continue();
        }

        if (fault.Kind == FaultKind.DiskFull)
        {
            _smallDisk!.Empty();
        }

        await RestartEndedAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindComplaints()
    {
        for (var i = 0; i < Size; i++)
        {
            if (!_mayEnd[i] && !_complainedOf[i] && _processes[i] is { HasExited: true } process)
            {
                _complainedOf[i] = true;
                _complaints.Add($"dc{i + 1} ended by itself with exit code {process.ExitCode}:\n{process.LastWords}");
            }
        }

        return _complaints;
    }

    /// <summary>Kills the processes and unmounts their disk, for a tool that ends at once. The folder stays. Safe to call at any time.</summary>
    public void Abandon()
    {
        foreach (var process in _processes)
        {
            process?.Abandon();
        }

        _smallDisk?.Abandon();
    }

    /// <summary>Kills the processes, closes the links and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndStallAsync().ConfigureAwait(false);
        foreach (var process in _processes)
        {
            if (process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }
        }

        await _links.DisposeAsync().ConfigureAwait(false);
        if (_smallDisk is not null)
        {
            await _smallDisk.DisposeAsync().ConfigureAwait(false);
        }

        if (Directory.Exists(_options.Folder))
        {
            Directory.Delete(_options.Folder, recursive: true);
        }
    }

    private async Task PrepareDiskAsync()
    {
        Directory.CreateDirectory(_options.Folder);
        var omitted = new Dictionary<FaultKind, string>();
        if (_options.WantsSmallDisk)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_options.Folder, "small-disk")).FullName;
            _smallDisk = await SmallDisk.TryMountAsync(folder).ConfigureAwait(false);
        }

        if (_smallDisk is null)
        {
            omitted[FaultKind.DiskFull] = _options.WantsSmallDisk ? "mounting a small disk in memory is not permitted here" : "no small disk was asked for";
        }

        if (!ProcessSignal.IsSupported)
        {
            omitted[FaultKind.Stop] = "this system has no signal that makes a process stand still";
        }

        Omitted = omitted;
    }

    private void Start(int datacenter)
    {
        var peers = Enumerable.Range(0, Size).Select(i => $"dc{i + 1}={(i == datacenter ? new IPEndPoint(IPAddress.Loopback, _ports[Size + i]) : _links.Address(datacenter, i))}");
        _processes[datacenter] = new SiloProcess(_options.Program,
        [
            "--datacenter", $"dc{datacenter + 1}",
            "--http", $"127.0.0.1:{_ports[datacenter]}",
            "--peer", $"127.0.0.1:{_ports[Size + datacenter]}",
            "--peers", string.Join(',', peers),
            "--data", datacenter == Size - 1 && _smallDisk is not null ? _smallDisk.Folder : _options.Folder,
            "--buckets", _options.Buckets.ToString(CultureInfo.InvariantCulture),
        ]);
    }

    private async Task RestartEndedAsync()
    {
        for (var i = 0; i < Size; i++)
        {
            if (_mayEnd[i] && _processes[i] is { HasExited: true } ended)
            {
                await ended.DisposeAsync().ConfigureAwait(false);
                Start(i);
            }

            // A process that stayed up through a full disk, and ends later, does so by itself.
            _mayEnd[i] = false;
        }
    }

    private async Task KillAsync(int datacenter)
    {
        _mayEnd[datacenter] = true;
        await _processes[datacenter]!.KillAsync().ConfigureAwait(false);
    }

    private void HoldBoth(int one, int other)
    {
        _links.Hold(one, other);
        _links.Hold(other, one);
    }

    private static void ForEachLinkOf(int victim, Action<int, int> action)
    {
        foreach (var other in Enumerable.Range(0, Size).Where(other => other != victim))
        {
            action(victim, other);
        }
    }

    private async Task EndStallAsync()
    {
        if (_stalling is { } stalling)
        {
            _stalling = null;
            await stalling.Stop.CancelAsync().ConfigureAwait(false);
            await stalling.Work.ConfigureAwait(false);
            stalling.Stop.Dispose();
        }
    }

    private async Task StallAsync(int victim, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                ForEachLinkOf(victim, HoldBoth);
                await Task.Delay(StallTime(), _time, stop).ConfigureAwait(false);
                _links.Restore();
                await Task.Delay(StallTime(), _time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Healed: whoever cancelled restores the links.
        }
    }

    private TimeSpan StallTime() => ShortestStall + ((LongestStall - ShortestStall) * (_random.Next(1000) / 1000.0));
}
