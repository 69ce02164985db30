using OrleansStore.Client;
using OrleansStore.Verification.Nemesis.Checks;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Statistics;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis;

/// <summary>Lets clients work on a cluster while faults come, and checks what they were told. One run; not safe for concurrent use, but for <see cref="Status"/>.</summary>
/// <remarks>
/// Memory: 64 bytes for each operation, which all stay until they are checked, 8 more for its place in a part while they are, and what the checker needs for one part at a time on each core.
/// </remarks>
public sealed class NemesisRun
{
    private const int ReadersPerEndpoint = 16;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Measurement = TimeSpan.FromSeconds(5);

    private readonly NemesisOptions _options;
    private readonly IFaultTarget _target;
    private NemesisClock _clock;
    private readonly SplitMix64 _random;
    private readonly WorkProgress _progress;
    private readonly KeyFamilies _families;
    private readonly List<string> _notRecovered = [];
    private NemesisPhase _phase = NemesisPhase.Starting;
    private TimeSpan _phaseStart;
    private TimeSpan? _phaseDuration;
    private FaultInjector? _injector;
    private HistoryCheck? _check;
    private long _finalReads;

    /// <summary>Creates the run.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="target">The cluster. Not disposed here.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The options have mistakes; the message names all of them.</exception>
    public NemesisRun(NemesisOptions options, IFaultTarget target, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(time);
        if (options.FindErrors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        (_options, _target, _clock, _random) = (options, target, new NemesisClock(time), new SplitMix64(options.Seed));
        _progress = new WorkProgress(options.Clients);
        _families = new KeyFamilies(options.KeyPrefix, options.Keys);
    }

    /// <summary>How far it is. Safe to read at any time.</summary>
    public NemesisStatus Status => new(
        _phase,
        _phase switch
        {
            NemesisPhase.Checking => _check?.Progress,
            NemesisPhase.Reading => Math.Min(1, (double)Interlocked.Read(ref _finalReads) / (_families.Count * KeyFamilies.Size * _target.Endpoints.Count)),
            _ => _phaseDuration is { } duration ? Math.Clamp((_clock.Now - _phaseStart) / duration, 0, 1) : null,
        },
        _progress.Answered,
        _injector?.Current);

    /// <summary>Runs. Cancelled while clients work, it heals what is broken, checks what there is, and says that it was stopped.</summary>
    /// <exception cref="StoreException">The cluster was not ready to begin with.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before clients worked.</exception>
    public async Task<NemesisReport> RunAsync(CancellationToken cancellationToken)
    {
        using var probe = new ReadinessProbe(_target.Endpoints, _clock);
        Enter(NemesisPhase.Starting, null);
        if (await probe.AwaitAllAsync(_options.RecoveryBound, cancellationToken).ConfigureAwait(false) is { Count: > 0 } missing)
        {
            throw new StoreException(ErrorCode.Unavailable, $"{string.Join(", ", missing)}. {string.Join(' ', _target.FindComplaints())}".TrimEnd(), isTransient: true);
        }

        // The run begins now: how long the cluster took to start is no client's gap.
        _clock = new NemesisClock(_clock.Provider);
        var stores = _target.Endpoints.Select(CreateStore).ToList();
        try
        {
            return await WorkAsync(stores, probe, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            stores.ForEach(store => store.Dispose());
        }
    }

    private async Task<NemesisReport> WorkAsync(List<HttpStore> stores, ReadinessProbe probe, CancellationToken cancellationToken)
    {
        using var stop = new CancellationTokenSource();
        _progress.Interval = _options.Rate is { } given ? IntervalOf(given) : TimeSpan.Zero;
        var faultRandom = _random.Fork();
        var clients = Enumerable.Range(0, _options.Clients).Select(i => CreateClient(i, stores[i % stores.Count])).ToList();
        var working = Task.WhenAll(clients.Select(client => client.RunAsync(stop.Token)));
        double? maximum;
        TimeSpan recovery;
        TimeSpan worked;
        try
        {
            maximum = await MeasureAsync(cancellationToken).ConfigureAwait(false);
            await InjectAsync(probe, faultRandom, cancellationToken).ConfigureAwait(false);
            recovery = await RecoverAsync(probe).ConfigureAwait(false);
        }
        finally
        {
            worked = _clock.Now;
            await stop.CancelAsync().ConfigureAwait(false);
            await working.ConfigureAwait(false);
        }

        var finalFrom = _clock.Now;
        var readers = await ReadAllAsync(stores).ConfigureAwait(false);
        _notRecovered.AddRange(_target.FindComplaints());
        List<OperationLog> logs = [.. clients.Select(client => client.Log)];
        var verdict = await CheckAsync([.. logs, .. readers.Select(reader => reader.Log)], finalFrom).ConfigureAwait(false);
        return new NemesisReport
        {
            Options = _options,
            Target = _target.Description,
            Omitted = _target.Omitted.Where(omitted => _options.Faults.Contains(omitted.Key)).ToDictionary(),
            Faults = _injector!.Windows,
            Rate = _progress.Interval == TimeSpan.Zero ? null : _options.Clients / _progress.Interval.TotalSeconds,
            MeasuredMaximum = maximum,
            Worked = worked,
            History = verdict,
            Contradictions = [.. clients.SelectMany(client => client.Contradictions)],
            Repeats = clients.Sum(client => (long)client.Repeats),
            NotRecovered = [.. _notRecovered],
            Recovery = recovery,
            Impacts = new FaultStatistics(_injector.Windows, worked, client => client % stores.Count).Summarize(logs),
            Seconds = LatencyStatistics.BySecond(logs, worked),
            Operations = LatencyStatistics.ByKind(logs, worked),
            WasStopped = cancellationToken.IsCancellationRequested,
        };
    }

    private async Task InjectAsync(ReadinessProbe probe, SplitMix64 random, CancellationToken cancellationToken)
    {
        _injector = new FaultInjector(_target, probe, _progress, _options.RecoveryBound, _clock);
        Enter(NemesisPhase.Faults, _options.Duration);
        var kinds = _options.Faults.Where(kind => !_target.Omitted.ContainsKey(kind)).Distinct().ToList();
        var schedule = kinds.Count == 0 ? [] : FaultSchedule.Create(kinds, _clock.Now, _options.Duration, _target.Endpoints.Count, random);
        await _injector.RunAsync(schedule, _clock.Now + _options.Duration, cancellationToken).ConfigureAwait(false);
        _notRecovered.AddRange(_injector.NotRecovered);
    }

    private Task<HistoryVerdict> CheckAsync(IReadOnlyList<OperationLog> logs, TimeSpan finalFrom)
    {
        _check = new HistoryCheck(new RecordedHistory(logs, _families), _families, finalFrom);
        Enter(NemesisPhase.Checking, null);
        return _check.RunAsync();
    }

    /// <summary>Finds the load, where it is a share of what clients can.</summary>
    private async Task<double?> MeasureAsync(CancellationToken cancellationToken)
    {
        if (_options.Rate is not null || _options.LoadShare >= 1)
        {
            return null;
        }

        Enter(NemesisPhase.Measuring, WarmUp + Measurement);
        try
        {
            await Task.Delay(WarmUp, _clock.Provider, cancellationToken).ConfigureAwait(false);
            var (before, start) = (_progress.Answered, _clock.Now);
            await Task.Delay(Measurement, _clock.Provider, cancellationToken).ConfigureAwait(false);
            var maximum = (_progress.Answered - before) / (_clock.Now - start).TotalSeconds;
            _progress.Interval = IntervalOf(Math.Max(maximum * _options.LoadShare, 1));
            return maximum;
        }
        catch (OperationCanceledException)
        {
            // Stopped: what follows sees the token as well.
            return null;
        }
    }

    /// <summary>Waits until every client has been answered since everything was healed, and every datacenter is ready.</summary>
    /// <returns>How long it took.</returns>
    private async Task<TimeSpan> RecoverAsync(ReadinessProbe probe)
    {
        Enter(NemesisPhase.Recovering, _options.RecoveryBound);
        var healed = _clock.Now;
        var silent = await _progress.AwaitAllSinceAsync(healed, healed + _options.RecoveryBound, _clock, CancellationToken.None).ConfigureAwait(false);
        var recovery = _clock.Now - healed;
        if (silent > 0)
        {
            _notRecovered.Add($"{_options.RecoveryBound.TotalSeconds:0} s after everything was healed, {silent} of {_options.Clients} clients had no answer.");
        }

        var missing = await probe.AwaitAllAsync(_options.RecoveryBound, CancellationToken.None).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            _notRecovered.Add($"At the end, {string.Join(", ", missing)}.");
        }

        return recovery;
    }

    /// <summary>Reads every key that was ever used, through every datacenter.</summary>
    private async Task<List<WorkClient>> ReadAllAsync(List<HttpStore> stores)
    {
        Enter(NemesisPhase.Reading, null);
        var keys = _families.Count * KeyFamilies.Size;
        var readers = Enumerable.Range(0, stores.Count * ReadersPerEndpoint).Select(i => CreateClient(_options.Clients + i, stores[i % stores.Count])).ToList();
        var unread = await Task.WhenAll(readers.Select((reader, i) => ReadShareAsync(reader, i / stores.Count, keys))).ConfigureAwait(false);
        if (unread.Sum() is > 0 and var count)
        {
            _notRecovered.Add($"At the end, {count} reads had no answer.");
        }

        return readers;
    }

    private async Task<int> ReadShareAsync(WorkClient reader, int first, int keys)
    {
        var unread = 0;
        for (var key = first; key < keys; key += ReadersPerEndpoint)
        {
            // A second try: the first may be the one that finds a bucket asleep behind an old leader.
            unread += await reader.ReadAsync(key).ConfigureAwait(false) || await reader.ReadAsync(key).ConfigureAwait(false) ? 0 : 1;
            Interlocked.Increment(ref _finalReads);
        }

        return unread;
    }

    private WorkClient CreateClient(int number, HttpStore store) =>
        new(number, store, _families, _options.KeyPrefix, _random.Fork(), _progress, _clock);

    private HttpStore CreateStore(Uri endpoint)
    {
        var attempt = TimeSpan.FromSeconds(2);

        // One address only: a client belongs to its datacenter, and looks for it again soon after it was gone.
        return new HttpStore(
            new StoreClientOptions
            {
                Endpoints = [endpoint],
                Timeout = _options.CallTimeout,
                AttemptTimeout = attempt < _options.CallTimeout ? attempt : _options.CallTimeout,
                EndpointRest = TimeSpan.FromMilliseconds(50),
                MaxEndpointRest = TimeSpan.FromMilliseconds(250),
                MaxConnectionsPerEndpoint = _options.Clients + ReadersPerEndpoint,
            },
            _clock.Provider);
    }

    private TimeSpan IntervalOf(double rate) => TimeSpan.FromSeconds(_options.Clients / rate);

    private void Enter(NemesisPhase phase, TimeSpan? duration) => (_phaseStart, _phaseDuration, _phase) = (_clock.Now, duration, phase);
}
