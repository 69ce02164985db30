namespace OrleansStore.Storage.Databases;

/// <summary>How storage uses a database.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The part of <see cref="ClaimDuration"/> by which the clocks of this process and of the database may drift apart during it: the holder trusts its claim for so much less
    /// than the database keeps it.</summary>
    public const double MaxClockDrift = 0.1;

    /// <summary>How long a silo's claim lasts after a renewal. Default 3 s; in [0.5 s, 60 s]. It bounds how long the buckets of a silo that died are silent, and how long the database
    /// may be away before all buckets of a silo are. It is renewed three times as often.</summary>
    public TimeSpan ClaimDuration { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether no other silo may run on the database beside this one. Default false. Then a start is refused while another one renews its claim.</summary>
    public bool IsExclusive { get; init; }

    /// <summary>Who this silo is, for people who look at the claims. At most 200 characters.</summary>
    public required string Owner { get; init; }

    /// <summary>The most bytes of records in one flush, hence what one append may carry and what the queue holds while a flush is under way. Default 8 MiB; in [4 KiB, 64 MiB].
    /// Beyond it appends are throttled.</summary>
    public int MaxBatchBytes { get; init; } = 8 << 20;

    /// <summary>How long a call that cannot reach the database is repeated before it fails, transiently. Default 5 s; positive. Appends are repeated without an end: they wait in their
    /// bounded queue.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long closing waits for what is queued. Default 2 s; positive.</summary>
    public TimeSpan ClosePatience { get; init; } = TimeSpan.FromSeconds(2);

    internal TimeSpan RenewalInterval => ClaimDuration / 3;

    internal TimeSpan TrustedDuration => ClaimDuration * (1 - MaxClockDrift);

    /// <summary>How often is looked whether an earlier holder is gone.</summary>
    internal TimeSpan PollInterval => ClaimDuration / 30;

    /// <summary>Checks every bound.</summary>
    /// <exception cref="ArgumentException">Names every property that is out of range, with its value.</exception>
    public void Validate()
    {
        List<string> errors = [];
        Require(ClaimDuration >= TimeSpan.FromSeconds(0.5) && ClaimDuration <= TimeSpan.FromMinutes(1), $"ClaimDuration is {ClaimDuration}; it must be in [0.5 s, 60 s]");
        Require(Owner.Length is > 0 and <= 200, $"Owner has {Owner.Length} characters; it must have 1 to 200");
        Require(MaxBatchBytes is >= 4096 and <= 64 << 20, $"MaxBatchBytes is {MaxBatchBytes}; it must be in [4096, {64 << 20}]");
        Require(RetryFor > TimeSpan.Zero, $"RetryFor is {RetryFor}; it must be positive");
        Require(ClosePatience > TimeSpan.Zero, $"ClosePatience is {ClosePatience}; it must be positive");
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", errors) + ".");
        }

        void Require(bool condition, string error)
        {
            if (!condition)
            {
                errors.Add(error);
            }
        }
    }
}
