namespace OrleansStore.Http;

/// <summary>The bounds of the REST facade. Immutable; the defaults serve as they are.</summary>
public sealed record HttpFacadeOptions
{
    /// <summary>The hard bound of <see cref="MaxTimeout"/>: what the interface promises to callers.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(60);

    private const int Mebibyte = 1024 * 1024;

    /// <summary>The longest value taken, in bytes; in [1, <see cref="StoreLimits.MaxValueBytes"/>]. A longer one is answered 413. Default 1 MiB.</summary>
    public int MaxValueBytes { get; init; } = StoreLimits.DefaultMaxValueBytes;

    /// <summary>The longest JSON body taken, in bytes; in [64 KiB, 64 MiB], and enough for one value of <see cref="MaxValueBytes"/> in base64. Default 16 MiB: the
    /// largest transaction fits.</summary>
    public int MaxJsonBodyBytes { get; init; } = 16 * Mebibyte;

    /// <summary>The bytes of request bodies held at one time, over all requests; past it a request is answered <c>throttled</c>. At least the longest single body. Default 256 MiB.</summary>
    public long MaxBufferedBodyBytes { get; init; } = 256 * Mebibyte;

    /// <summary>The requests for keys, transactions and outcomes served at one time; past it the answer is <c>throttled</c>. In [1, 1,000,000]. Default 4,096.</summary>
    /// <remarks>Health, metrics, status and the OpenAPI document are answered however busy the rest is.</remarks>
    public int MaxConcurrentRequests { get; init; } = 4096;

    /// <summary>The deadline of a request that names none. In [1 ms, <see cref="MaxTimeout"/>]. Default 5 s.</summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest deadline that a request may name; past it the answer is 400. In [1 ms, <see cref="LongestTimeout"/>]. Default 60 s.</summary>
    public TimeSpan MaxTimeout { get; init; } = LongestTimeout;

    /// <summary>How much of a body that is not wanted is read after a 413 so that the connection can be kept, in bytes; in [0, 64 MiB]. A longer rest closes the connection. Default 2 MiB.</summary>
    public int DrainLimitBytes { get; init; } = 2 * Mebibyte;

    /// <summary>How long an unwanted body is read, be it to keep the connection or to close it only after the caller had its answer. In [0, 1 min]. Default 2 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What <c>Retry-After</c> says where the store has no advice; sent in whole seconds. In [1 s, 1 h]. Default 1 s.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The label combinations shown of one metric; what exceeds them is counted in one series with the label <c>overflow</c>. In [1, 100,000]. Default 1,000.</summary>
    public int MaxSeriesPerMetric { get; init; } = 1000;

    /// <summary>Checks all options.</summary>
    /// <returns>One sentence per mistake; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        CheckNumber(nameof(MaxValueBytes), MaxValueBytes, 1, StoreLimits.MaxValueBytes);
        CheckNumber(nameof(MaxJsonBodyBytes), MaxJsonBodyBytes, 64 * 1024, 64 * Mebibyte);
        CheckNumber(nameof(MaxConcurrentRequests), MaxConcurrentRequests, 1, 1_000_000);
        CheckNumber(nameof(DrainLimitBytes), DrainLimitBytes, 0, 64 * Mebibyte);
        CheckNumber(nameof(MaxSeriesPerMetric), MaxSeriesPerMetric, 1, 100_000);
        CheckTime(nameof(MaxTimeout), MaxTimeout, TimeSpan.FromMilliseconds(1), LongestTimeout);
        CheckTime(nameof(DefaultTimeout), DefaultTimeout, TimeSpan.FromMilliseconds(1), MaxTimeout);
        CheckTime(nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        CheckTime(nameof(RetryDelay), RetryDelay, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

        // A limit that no request can use up to its end is a mistake of the configuration.
        var smallestJson = (4L * MaxValueBytes / 3) + (16 * 1024);
        CheckNumber(nameof(MaxJsonBodyBytes), MaxJsonBodyBytes, smallestJson, long.MaxValue);
        CheckNumber(nameof(MaxBufferedBodyBytes), MaxBufferedBodyBytes, Math.Max(MaxValueBytes, MaxJsonBodyBytes), long.MaxValue);
        return errors;

        void CheckNumber(string name, long value, long min, long max)
        {
            if (value < min || value > max)
            {
                errors.Add($"{name} is {value}; it must be in [{min}, {max}].");
            }
        }

        void CheckTime(string name, TimeSpan value, TimeSpan min, TimeSpan max)
        {
            if (value < min || value > max)
            {
                errors.Add($"{name} is {value}; it must be in [{min}, {max}].");
            }
        }
    }

    /// <summary>Refuses options that break a rule.</summary>
    /// <exception cref="ArgumentException">The message names all mistakes.</exception>
    public void Validate()
    {
        var errors = FindErrors();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors));
        }
    }
}
