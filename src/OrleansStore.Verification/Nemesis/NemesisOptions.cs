using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Nemesis;

/// <summary>What a <see cref="NemesisRun"/> does. Immutable; checked as a whole, with <see cref="FindErrors"/>, before it is used.</summary>
public sealed record NemesisOptions
{
    /// <summary>The most clients.</summary>
    public const int MaxClients = 4096;

    /// <summary>The longest prefix of keys, in characters: with it, request ids stay within their bound.</summary>
    public const int MaxKeyPrefix = 40;

    /// <summary>How long clients work while faults come, at least 1 s. Before it the load is measured, where it is to be, and afterwards all is healed and read.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many clients there are, in [1, <see cref="MaxClients"/>], each with one operation at a time, dealt out to the datacenters in turn.</summary>
    public int Clients { get; init; } = 64;

    /// <summary>How many keys are in use at a time, in [1, 1,000,000]. Fewer make more conflicts; the checker takes longer for them.</summary>
    public int Keys { get; init; } = 256;

    /// <summary>How many operations a second all clients begin together, above 0; null for the <see cref="LoadShare"/> of what they can.</summary>
    public double? Rate { get; init; }

    /// <summary>Where no <see cref="Rate"/> is given: the share of the measured maximum, in (0, 1]. 1 measures nothing and lets every client go on as soon as it is answered.</summary>
    public double LoadShare { get; init; } = 0.5;

    /// <summary>What is done to the cluster; those that its target omits are left out.</summary>
    public IReadOnlyCollection<FaultKind> Faults { get; init; } = [];

    /// <summary>How long a call of a client may take with all its retries, in [1 ms, 60 s].</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Once all is healed: how soon every client must have been answered, and every datacenter be ready. Above zero.</summary>
    public TimeSpan RecoveryBound { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What every key and every request id begins with: 1 to <see cref="MaxKeyPrefix"/> characters of <c>A–Z a–z 0–9 - . _ ~ /</c>. No other run may have used it.</summary>
    public required string KeyPrefix { get; init; }

    /// <summary>What the choices of clients and faults follow from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Checks everything.</summary>
    /// <returns>One sentence per mistake, with the value at fault; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        Require(Duration >= TimeSpan.FromSeconds(1), $"Duration is {Duration}; it must be at least 1 s.");
        Require(Clients is >= 1 and <= MaxClients, $"Clients is {Clients}; it must be in [1, {MaxClients}].");
        Require(Keys is >= 1 and <= 1_000_000, $"Keys is {Keys}; it must be in [1, 1000000].");
        Require(Rate is null or > 0, $"Rate is {Rate}; it must be above 0.");
        Require(LoadShare is > 0 and <= 1, $"LoadShare is {LoadShare}; it must be in (0, 1].");
        Require(CallTimeout >= TimeSpan.FromMilliseconds(1) && CallTimeout <= TimeSpan.FromSeconds(60), $"CallTimeout is {CallTimeout}; it must be in [1 ms, 60 s].");
        Require(RecoveryBound > TimeSpan.Zero, $"RecoveryBound is {RecoveryBound}; it must be above zero.");
        Require(
            KeyPrefix.Length is >= 1 and <= MaxKeyPrefix && KeyPrefix.All(letter => char.IsAsciiLetterOrDigit(letter) || "-._~/".Contains(letter, StringComparison.Ordinal)),
            $"KeyPrefix is '{KeyPrefix}'; it must have 1 to {MaxKeyPrefix} characters of A–Z a–z 0–9 - . _ ~ /.");
        return errors;

        void Require(bool condition, string error)
        {
            if (!condition)
            {
                errors.Add(error);
            }
        }
    }
}
