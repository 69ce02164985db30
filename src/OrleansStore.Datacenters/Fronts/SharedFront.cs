using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Homes;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Placement;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Datacenters.Fronts;

/// <summary>The front of a datacenter in one of several silos that share a database. At any time one of them holds the links and forms the store; the others read in the database what it formed, and
/// send through it.</summary>
/// <remarks>
/// <para>The database says who holds the links: whoever takes that row while nobody has it. It goes with the silo's claim, so it is free as soon as the silo stops, or its claim has run out.</para>
/// <para>A silo that cannot reach the database keeps the links: it may have lost them without knowing, and then there are two for a while. That is harmless. The peers keep the newest session; each
/// bucket asks its own claim before it speaks; the formation record is replaced under the claim alone. The older one steps down when it hears of the newer, or reaches the database again.</para>
/// </remarks>
internal sealed partial class SharedFront : IDatacenterFront
{
    private static readonly TimeSpan HoldInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DueInterval = TimeSpan.FromSeconds(30);

    private readonly PostgresDatacenterHome _home;
    private readonly Func<DatacenterMap, Task<IPeerTransport>> _listen;
    private readonly LinkOptions _options;
    private readonly ISiloCluster _cluster;
    private readonly SiloSwitch _switch;
    private readonly DatacenterEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<PeerIdentity> _formed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FormationRecord? _record;
    private volatile MemberBook? _book;
    private volatile SoleFront? _sole;
    private LinkHolding? _holding;
    private BucketSilo? _buckets;
    private Task _running = Task.CompletedTask;
    private bool _isAway;

    /// <summary>Creates a front that does nothing before <see cref="Start"/>.</summary>
    public SharedFront(
        PostgresDatacenterHome home, Topology topology, Datacenter local, Func<DatacenterMap, Task<IPeerTransport>> listen, ISiloCluster cluster, LinkOptions options, DatacenterEnvironment environment)
    {
        (_home, _listen, _cluster, _options) = (home, listen, cluster, options);
        (_environment, _time, _logger) = (environment, environment.Time, environment.Logger);
        (Topology, Local) = (topology, local);
        _switch = new SiloSwitch(cluster, local.Id, PlacementMap.Create(topology), _time, _logger);
    }

    public event EventHandler? MembersChanged;

    public Datacenter Local { get; }

    public Topology Topology { get; }

    public StoreId StoreId => _record?.StoreId ?? StoreId.None;

    public ImmutableArray<MemberIncarnation> Members => _book?.Members ?? [];

    public ImmutableArray<Founder> Founders => _record?.Founders ?? [];

    public Task<PeerIdentity> Formed => _formed.Task;

    public string WaitsFor => _formed.Task.IsCompletedSuccessfully ? string.Empty : _sole?.WaitsFor is { Length: > 0 } reason ? reason : "another silo of this datacenter forms it";

    public IPeerLinks Links => _switch;

    public SiloSwitch Switch => _switch;

    public Task Completion => _completion.Task;

    // Which replicas vote no silo knows of all; see the README.
    public bool IsJoining => false;

    public void Start(BucketSilo buckets)
    {
        _buckets = buckets;
        _switch.Start(buckets);
        _running = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
    }

    public Task CompleteJoinAsync() => throw new InvalidOperationException("One silo of several does not know whether all replicas vote.");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await ReleaseAsync();
        await _switch.DisposeAsync();
        _formed.TrySetCanceled();
        _completion.TrySetResult();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var (nextRead, nextDue) = (_time.GetTimestamp(), _time.GetTimestamp());
        var members = _cluster.Members;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var isNew = await TryAsync(KeepHoldingAsync);
                if (isNew || _time.GetTimestamp() >= nextRead)
                {
                    nextRead = In(ReadInterval);
                    await TryAsync(ReadAsync);
                }

                // Who slept in a silo that is gone is woken by the silo that holds the links; who slept elsewhere, by the silo that it slept in.
                var isMissing = members.Except(_cluster.Members).Any();
                if (_sole is not null && (isNew || isMissing || _time.GetTimestamp() >= nextDue))
                {
                    nextDue = In(DueInterval);
                    await TryAsync(RefreshAsync);
                }

                members = _cluster.Members;
                await Task.Delay(HoldInterval, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed of.
        }
        catch (Exception reason)
        {
            // The edge of a driver task: the record is not this datacenter's, or damaged.
            _formed.TrySetException(reason);
            _completion.TrySetException(reason);
        }
    }

    private long In(TimeSpan interval) => _time.GetTimestamp() + (long)(interval.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Does one thing, which the next round repeats where the database cannot be reached or the claim was lost meanwhile.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception reason) when (reason is IOException or StoreException { IsTransient: true } or StoreException { Code: ErrorCode.WriterFenced or ErrorCode.Closed })
        {
            if (!_isAway && !_stop.IsCancellationRequested)
            {
                LogAway(Local.Name, reason.Message);
            }

            _isAway = true;
            return false;
        }
    }

    /// <returns>Whether this silo has just come to hold the links.</returns>
    private async Task<bool> KeepHoldingAsync()
    {
        if (_sole is { } sole)
        {
            if (!_holding!.IsOver && !_switch.IsSuperseded && !sole.Completion.IsFaulted && !sole.Formed.IsFaulted)
            {
                return false;
            }

            LogReleased(_cluster.Self);
            await ReleaseAsync();
        }

        if (await _home.TryHoldLinksAsync(_stop.Token) is not { } holding)
        {
            return false;
        }

        var opened = await SoleFront.OpenAsync(_home.Formation, Topology, Local, _listen, _options, _environment);
        (_sole, _holding) = (opened, holding);
        _switch.Hold(opened.PeerLinks, holding.Number);
        opened.Start(_switch);
        return true;
    }

    private async Task ReleaseAsync()
    {
        if (_sole is { } sole)
        {
            _sole = null;
            _switch.Release();
            await sole.DisposeAsync();
        }
    }

    /// <summary>Takes in what the silo that holds the links has written.</summary>
    private async Task<bool> ReadAsync()
    {
        var record = await _home.Formation.ReadAsync();
        _isAway = false;
        HomeChecks.RequireConsistent(_home.Formation, record, Topology, Local.Id);
        if (record is not { IsSetUp: true })
        {
            return false;
        }

        var isChanged = _record is not { } before || !before.Known.AsSpan().SequenceEqual(record.Known.AsSpan());
        _record = record;
        if (isChanged)
        {
            _book = MemberBook.Of(record);
            MembersChanged?.Invoke(this, EventArgs.Empty);
        }

        _formed.TrySetResult(record.ToIdentity());
        return isChanged;
    }

    private async Task<bool> RefreshAsync()
    {
        await _buckets!.RefreshDueTimesAsync();
        return true;
    }

    [LoggerMessage(6301, LogLevel.Warning, "{Datacenter} cannot look at its database; it goes on with what it knows: {Reason}")]
    private partial void LogAway(string datacenter, string reason);

    [LoggerMessage(6302, LogLevel.Information, "Silo {Silo} does not hold the links of its datacenter any more")]
    private partial void LogReleased(SiloName silo);
}
