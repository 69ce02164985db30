using Microsoft.Extensions.Logging;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Databases;

/// <summary>The time-bound claim of one silo, renewed once for all its buckets (design invariant 2).</summary>
/// <remarks>
/// <para>Why no two silos believe to hold the same: (1) The database counts the claim from when it executes a renewal, this process from before it sent it, and trusts it for
/// <see cref="DatabaseOptions.MaxClockDrift"/> less. (2) A claim is over for others only once somebody has <em>deleted</em> it, under the condition that it has expired by the database's
/// clock. A renewal that is under way meanwhile either comes first, and the condition fails, or finds nothing. (3) Where a renewal finds nothing a new claim is taken, and each writer is
/// put under it only if no newer one was opened (<see cref="IReplicaDatabase.RetakeHoldsAsync"/>).</para>
/// <para>What it takes for granted: the database's clock is not set forward by more than the drift while a claim runs.</para>
/// </remarks>
internal sealed partial class SiloClaim : IAsyncDisposable
{
    private readonly DatabaseEnvironment _environment;
    private readonly ILogger _logger;
    private readonly AsyncSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile ClaimTerm _term;
    private volatile IClaimHolder? _holder;
    private volatile string? _impediment;
    private Task _loop = Task.CompletedTask;
    private ClaimId? _candidate;
    private MonotonicTime _nextRenewal;
    private long _takenAt;

    private SiloClaim(DatabaseEnvironment environment, ClaimTerm term)
    {
        _environment = environment;
        _logger = environment.Logger;
        _term = term;
    }

    /// <summary>The present possession. Another object once the claim was lost and taken anew.</summary>
    public ClaimTerm Term => _term;

    /// <summary>When it was taken: an exclusive claim had no other beside it from then on.</summary>
    public MonotonicTime TakenAt => new(Volatile.Read(ref _takenAt));

    /// <summary>Why it cannot be renewed at present, in words; null while it can.</summary>
    public string? Impediment => _impediment;

    /// <summary>Takes a claim. Where another silo has an exclusive one, waits as long as that would last without its holder.</summary>
    /// <exception cref="StoreException"><see cref="ErrorCode.DataFolderInUse"/>: it is being renewed; or the database cannot be used.</exception>
    public static async ValueTask<SiloClaim> TakeAsync(DatabaseEnvironment environment, CancellationToken cancellationToken)
    {
        var options = environment.Options;
        var id = ClaimId.Draw(environment.Random);
        for (var end = environment.Now + (options.ClaimDuration * (1 + (2 * DatabaseOptions.MaxClockDrift)));;)
        {
            var sentAt = environment.Now;
            var rival = await environment.RetryAsync(
                token => environment.Database.TakeClaimAsync(id, options.Owner, options.IsExclusive, options.ClaimDuration, token), cancellationToken);
            if (rival is null)
            {
                var term = new ClaimTerm(id);
                term.Extend(sentAt + options.TrustedDuration);
                var claim = new SiloClaim(environment, term) { _nextRenewal = sentAt + options.RenewalInterval, _takenAt = environment.Now.Ticks };
                claim._loop = Task.Factory.StartNew(claim.RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, environment.Scheduler).Unwrap();
                return claim;
            }

            if (environment.Now >= end)
            {
                throw new StoreException(ErrorCode.DataFolderInUse, $"{environment.Database.Name} is in use by {rival}, and no two silos may share it here.");
            }

            await environment.DelayAsync(options.PollInterval, cancellationToken);
        }
    }

    /// <summary>Sets who speaks under the claim; once.</summary>
    public void Attach(IClaimHolder holder) => _holder = holder;

    /// <summary>Makes the loop look whether somebody waits.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Waits until another possession than this one has begun.</summary>
    public async ValueTask WaitForNewTermAsync(ClaimTerm lost, CancellationToken cancellationToken)
    {
        _nextRenewal = default;
        Wake();
        while (ReferenceEquals(_term, lost))
        {
            await _environment.DelayAsync(_environment.Options.PollInterval, cancellationToken);
        }
    }

    /// <summary>Ends the claim at once, so that nobody has to wait for its end; where the database cannot be reached it runs out.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _signal.Set();
        await _loop;
        _term.End();
        try
        {
            await _environment.Database.ReleaseClaimAsync(_term.Id, CancellationToken.None);
        }
        catch (StoreException reason)
        {
            LogNotReleased(_environment.Database.Name, reason.Message);
        }

        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await StepAsync();
                if (_impediment is not null)
                {
                    _impediment = null;
                    LogRenewedAgain(_environment.Database.Name);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception reason)
            {
                // The edge of a driver loop. Whatever it was: without a renewal the claim runs out, and this silo falls silent by itself.
                if (_impediment is null)
                {
                    LogNotRenewed(_environment.Database.Name, reason);
                }

                _impediment = reason.Message;
                await PauseAsync(_environment.Options.PollInterval);
            }
        }
    }

    private async ValueTask StepAsync()
    {
        if (_environment.Now >= _nextRenewal)
        {
            await RenewAsync();
        }

        if (_holder is { IsWaiting: true } holder)
        {
            await holder.PollAsync(_term, _stop.Token);
        }

        var untilRenewal = _nextRenewal - _environment.Now;
        if (untilRenewal > TimeSpan.Zero)
        {
            var poll = _environment.Options.PollInterval;
            await PauseAsync(_holder is { IsWaiting: true } && poll < untilRenewal ? poll : untilRenewal);
        }
    }

    private async ValueTask RenewAsync()
    {
        var options = _environment.Options;
        var sentAt = _environment.Now;
        if (await _environment.Database.RenewClaimAsync(_term.Id, options.ClaimDuration, _stop.Token))
        {
            // Counted from the send, not from the answer: the database has counted from some moment in between.
            _term.Extend(sentAt + options.TrustedDuration);
            _nextRenewal = sentAt + options.RenewalInterval;
            if (_holder is { } holder)
            {
                await holder.OnRenewedAsync(_term, _stop.Token);
            }
        }
        else
        {
            await RetakeAsync();
        }
    }

    private async ValueTask RetakeAsync()
    {
        _term.End();
        var options = _environment.Options;

        // The same candidate until it is taken: one whose outcome is unknown must not stand in the way of the next.
        var id = _candidate ??= ClaimId.Draw(_environment.Random);
        var sentAt = _environment.Now;
        if (await _environment.Database.TakeClaimAsync(id, options.Owner, options.IsExclusive, options.ClaimDuration, _stop.Token) is { } rival)
        {
            throw new StoreException(ErrorCode.DataFolderInUse, $"The claim ran out, and {rival} has taken the database.", isTransient: true);
        }

        // 1. The claim stands. 2. Each writer is put under it if it is still the newest. 3. Only then may anything be said under it.
        var term = new ClaimTerm(id);
        if (_holder is { } holder)
        {
            await holder.OnRetakenAsync(term, _stop.Token);
        }

        Volatile.Write(ref _takenAt, _environment.Now.Ticks);
        term.Extend(sentAt + options.TrustedDuration);
        _nextRenewal = sentAt + options.RenewalInterval;
        _term = term;
        _candidate = null;
        LogTakenAgain(_environment.Database.Name);
    }

    private async ValueTask PauseAsync(TimeSpan pause)
    {
        // A timer of its own for each pause: the signal can come first, and no continuation may leave the scheduler.
        await using var timer = _environment.Time.CreateTimer(static state => ((AsyncSignal)state!).Set(), _signal, pause, Timeout.InfiniteTimeSpan);
        await _signal.WaitAsync();
    }

    [LoggerMessage(20, LogLevel.Warning, "The claim on {Database} cannot be renewed; when it runs out every bucket of this silo falls silent until it can")]
    private partial void LogNotRenewed(string database, Exception reason);

    [LoggerMessage(21, LogLevel.Information, "The claim on {Database} is renewed again")]
    private partial void LogRenewedAgain(string database);

    [LoggerMessage(22, LogLevel.Warning, "The claim on {Database} had run out and somebody noticed; it was taken anew, and buckets that others have opened meanwhile stay with them")]
    private partial void LogTakenAgain(string database);

    [LoggerMessage(23, LogLevel.Information, "The claim on {Database} was not released and has to run out: {Reason}")]
    private partial void LogNotReleased(string database, string reason);
}
