using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Service.Routing;

/// <summary>How long a router tries, how often, and how much of what it holds at a time.</summary>
public sealed record RouterOptions
{
    /// <summary>The longest time a caller may ask for. Default 1 minute; above 0. Copies of a request live no longer, so the buckets' memory of requests must be longer.</summary>
    public TimeSpan MaxTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a replica that is said to lead is first given to answer before another is asked; doubled each time that was too short. Default 2 s.
    /// Shorter finds a new leader sooner where no link tells of the old one's end, and sends more copies to a leader that is only slow.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for a replica that is asked because no leader is known; it may itself wait for an election. Default 750 ms; at most <see cref="AttemptTimeout"/>.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How long before the caller's deadline replicas give up, so that their word for it arrives in time: what separates a definite failure from an unknown
    /// outcome. At most a fifth of the caller's time is taken. Default 400 ms, above a tick and a round trip.</summary>
    public TimeSpan AnswerMargin { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The first pause after every replica was tried; it doubles. Each is drawn from the upper half. Default 10 ms.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest pause, apart from one that a replica asks for. Default 250 ms.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a throttled request is tried again before the caller is told, unless a copy may be under way. Default 8.</summary>
    public int MaxThrottledRetries { get; init; } = 8;

    /// <summary>How often a write whose session turns out to have ended is tried in a new one. Default 3.</summary>
    public int MaxSessionRenewals { get; init; } = 3;

    /// <summary>The most requests at a time; more are throttled. Default 8,192.</summary>
    public int MaxInFlight { get; init; } = 8192;

    /// <summary>The most scans at a time; more are throttled. Default 16. A scan that returns values holds up to about three pages of them.</summary>
    public int MaxScans { get; init; } = 16;

    /// <summary>The most buckets that one scan asks at a time. Default 16.</summary>
    public int ScanParallelism { get; init; } = 16;

    /// <summary>The most unanswered writes of a session. Default 1,024; at most what the buckets allow.</summary>
    public int SessionWindow { get; init; } = 1024;

    /// <summary>How many sessions with a bucket may be made at once, and how many are kept. Default 16.</summary>
    public int MaxSessionsPerBucket { get; init; } = 16;

    /// <summary>Beyond that, the least time between two new sessions with a bucket. Default 1 s. With every write of unknown outcome ending a session, this bounds
    /// how many a bucket must remember.</summary>
    public TimeSpan SessionInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a caller is told to wait who met one of these bounds, or no leader. Default 50 ms.</summary>
    public TimeSpan ThrottleDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The limits that the store's buckets were created with.</summary>
    public BucketLimits Limits { get; init; } = BucketLimits.Default;

    /// <summary>How long after its last use a session is given up: half of what the buckets allow, because their clock may differ and a request may be on its way for <see cref="MaxTimeout"/>.</summary>
    public TimeSpan SessionRenewal => Limits.SessionIdleTimeout / 2;

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>(Limits.FindErrors());
        RequirePositive(nameof(MaxTimeout), MaxTimeout);
        RequirePositive(nameof(ProbeTimeout), ProbeTimeout);
        RequirePositive(nameof(FirstRetryDelay), FirstRetryDelay);
        RequirePositive(nameof(SessionInterval), SessionInterval);
        RequirePositive(nameof(ThrottleDelay), ThrottleDelay);
        RequireCount(nameof(MaxInFlight), MaxInFlight);
        RequireCount(nameof(MaxScans), MaxScans);
        RequireCount(nameof(ScanParallelism), ScanParallelism);
        RequireCount(nameof(SessionWindow), SessionWindow);
        RequireCount(nameof(MaxSessionsPerBucket), MaxSessionsPerBucket);
        Require(AnswerMargin >= TimeSpan.Zero, $"AnswerMargin = {AnswerMargin} must not be negative.");
        Require(MaxThrottledRetries >= 0, $"MaxThrottledRetries = {MaxThrottledRetries} must not be negative.");
        Require(MaxSessionRenewals >= 0, $"MaxSessionRenewals = {MaxSessionRenewals} must not be negative.");
        Require(AttemptTimeout >= ProbeTimeout, $"AttemptTimeout = {AttemptTimeout} must not be below ProbeTimeout = {ProbeTimeout}.");
        Require(MaxRetryDelay >= FirstRetryDelay, $"MaxRetryDelay = {MaxRetryDelay} must not be below FirstRetryDelay = {FirstRetryDelay}.");
        RequireRelations();
        return mistakes;

        void RequireRelations()
        {
            Require(
                SessionWindow <= Limits.MaxUnansweredPerSession,
                $"SessionWindow = {SessionWindow} must not be above the buckets' MaxUnansweredPerSession = {Limits.MaxUnansweredPerSession}.");
            var lifetime = Limits.SessionIdleTimeout - Limits.AllowedClockLead;
            Require(
                SessionRenewal + MaxTimeout <= lifetime,
                $"SessionRenewal + MaxTimeout = {SessionRenewal + MaxTimeout} must not be above the buckets' SessionIdleTimeout - AllowedClockLead = {lifetime}.");
            Require(MaxTimeout < Limits.KeyRetention, $"MaxTimeout = {MaxTimeout} must be below the buckets' KeyRetention = {Limits.KeyRetention}.");
            var sessions = SessionInterval > TimeSpan.Zero ? MaxSessionsPerBucket + Math.Ceiling(Limits.SessionIdleTimeout / SessionInterval) : 0;
            Require(
                sessions <= Limits.MaxSessions / 4,
                $"MaxSessionsPerBucket and SessionInterval let a router open {sessions} sessions within their lifetime: above a quarter of the buckets' MaxSessions = {Limits.MaxSessions}.");
        }

        void RequirePositive(string name, TimeSpan value) => Require(value > TimeSpan.Zero, $"{name} = {value} must be above 0.");

        void RequireCount(string name, int value) => Require(value > 0, $"{name} = {value} must be above 0.");

        void Require(bool condition, string mistake)
        {
            if (!condition)
            {
                mistakes.Add(mistake);
            }
        }
    }
}
