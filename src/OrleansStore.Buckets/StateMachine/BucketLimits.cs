using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.StateMachine;

/// <summary>The bounds of a bucket's replicated state. They decide answers, so they are part of that state: given once when a bucket is created, then carried by its snapshots.</summary>
/// <remarks>All replicas of a bucket must be created with equal limits.</remarks>
public sealed record BucketLimits
{
    /// <summary>The limits of a bucket unless something else is asked for.</summary>
    public static readonly BucketLimits Default = new();

    internal const int EncodedBytes = (3 * sizeof(long)) + (6 * sizeof(uint)) + sizeof(long) + (2 * sizeof(uint));

    /// <summary>A session ends this long after its last use, in applied time. At least 1 s, at most 100 days. Default 10 minutes.</summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far the clock of a session's maker may run ahead of the leaders'. At most half of <see cref="SessionIdleTimeout"/>. Default 1 minute.</summary>
    public TimeSpan AllowedClockLead { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>An idempotency key is remembered this long, in applied time. At least 1 s, at most 100 days. Default 10 minutes.</summary>
    public TimeSpan KeyRetention { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The most sessions at a time. Default 4,096.</summary>
    public int MaxSessions { get; init; } = 4096;

    /// <summary>How far a session's sequence may be ahead of what it says is answered. Default 1,024.</summary>
    public int MaxUnansweredPerSession { get; init; } = 1024;

    /// <summary>The most answers remembered for all sessions together. Default 131,072.</summary>
    public int MaxSessionResults { get; init; } = 131_072;

    /// <summary>The most idempotency keys remembered. Default 100,000.</summary>
    public int MaxKeys { get; init; } = 100_000;

    /// <summary>The most change events in the history. Default 10,000.</summary>
    public int MaxHistoryEvents { get; init; } = 10_000;

    /// <summary>The most records that one command lets expire. Default 128.</summary>
    public int MaxExpirationsPerCommand { get; init; } = 128;

    /// <summary>The most bytes of change events in the history. Default 1 MiB.</summary>
    public long MaxHistoryBytes { get; init; } = 1024 * 1024;

    /// <summary>The most idle sessions that one command ends; at least 2, so that ending keeps up with opening. Default 4.</summary>
    public int MaxSessionEndsPerCommand { get; init; } = 4;

    /// <summary>The most idempotency keys that one command forgets; at least 2, so that forgetting keeps up with remembering. Default 16.</summary>
    public int MaxKeyForgetsPerCommand { get; init; } = 16;

    /// <summary>Checks all limits.</summary>
    /// <returns>One sentence per mistake; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        var longest = TimeSpan.FromDays(100);
        CheckTime(nameof(SessionIdleTimeout), SessionIdleTimeout, TimeSpan.FromSeconds(1), longest);
        CheckTime(nameof(AllowedClockLead), AllowedClockLead, TimeSpan.Zero, SessionIdleTimeout / 2);
        CheckTime(nameof(KeyRetention), KeyRetention, TimeSpan.FromSeconds(1), longest);
        CheckCount(nameof(MaxSessions), MaxSessions, 1);
        CheckCount(nameof(MaxUnansweredPerSession), MaxUnansweredPerSession, 1);
        CheckCount(nameof(MaxSessionResults), MaxSessionResults, 1);
        CheckCount(nameof(MaxKeys), MaxKeys, 1);
        CheckCount(nameof(MaxHistoryEvents), MaxHistoryEvents, 0);
        CheckCount(nameof(MaxExpirationsPerCommand), MaxExpirationsPerCommand, 1);
        CheckCount(nameof(MaxHistoryBytes), MaxHistoryBytes, 0);
        CheckCount(nameof(MaxSessionEndsPerCommand), MaxSessionEndsPerCommand, 2);
        CheckCount(nameof(MaxKeyForgetsPerCommand), MaxKeyForgetsPerCommand, 2);
        return errors;

        void CheckTime(string name, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max || value.Ticks % TimeSpan.TicksPerMillisecond != 0)
            {
                errors.Add($"{name} is {value}; it must be whole milliseconds in [{min}, {max}].");
            }
        }

        void CheckCount(string name, long value, int min)
        {
            if (value < min || value > int.MaxValue)
            {
                errors.Add($"{name} is {value}; it must be in [{min}, {int.MaxValue}].");
            }
        }
    }

    internal void Write(ref SpanWriter writer)
    {
        writer.Write((ulong)SessionIdleTimeout.TotalMilliseconds);
        writer.Write((ulong)AllowedClockLead.TotalMilliseconds);
        writer.Write((ulong)KeyRetention.TotalMilliseconds);
        writer.Write((uint)MaxSessions);
        writer.Write((uint)MaxUnansweredPerSession);
        writer.Write((uint)MaxSessionResults);
        writer.Write((uint)MaxKeys);
        writer.Write((uint)MaxHistoryEvents);
        writer.Write((uint)MaxExpirationsPerCommand);
        writer.Write((ulong)MaxHistoryBytes);
        writer.Write((uint)MaxSessionEndsPerCommand);
        writer.Write((uint)MaxKeyForgetsPerCommand);
    }

    /// <exception cref="CorruptionException">The limits break a rule.</exception>
    internal static BucketLimits Read(ref SpanReader reader)
    {
        var limits = new BucketLimits
        {
            SessionIdleTimeout = ReadTime(ref reader, nameof(SessionIdleTimeout)),
            AllowedClockLead = ReadTime(ref reader, nameof(AllowedClockLead)),
            KeyRetention = ReadTime(ref reader, nameof(KeyRetention)),
            MaxSessions = (int)reader.ReadUInt32(nameof(MaxSessions)),
            MaxUnansweredPerSession = (int)reader.ReadUInt32(nameof(MaxUnansweredPerSession)),
            MaxSessionResults = (int)reader.ReadUInt32(nameof(MaxSessionResults)),
            MaxKeys = (int)reader.ReadUInt32(nameof(MaxKeys)),
            MaxHistoryEvents = (int)reader.ReadUInt32(nameof(MaxHistoryEvents)),
            MaxExpirationsPerCommand = (int)reader.ReadUInt32(nameof(MaxExpirationsPerCommand)),
            MaxHistoryBytes = (long)reader.ReadUInt64(nameof(MaxHistoryBytes)),
            MaxSessionEndsPerCommand = (int)reader.ReadUInt32(nameof(MaxSessionEndsPerCommand)),
            MaxKeyForgetsPerCommand = (int)reader.ReadUInt32(nameof(MaxKeyForgetsPerCommand)),
        };
        var errors = limits.FindErrors();
        return errors.Count == 0 ? limits : throw new CorruptionException($"Limits of a state: {errors[0]}");
    }

    private static TimeSpan ReadTime(ref SpanReader reader, string field) =>
        TimeSpan.FromMilliseconds(reader.ReadWallTime(field).UnixMilliseconds);
}
