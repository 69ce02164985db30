using System.Numerics;

namespace OrleansStore.Cli.Bench;

/// <summary>Counts lengths of time in log-linear buckets, so that any percentile of any number of them is known to within 1 part in 128.</summary>
/// <remarks>
/// <para>Below <see cref="LinearEnd"/> every tick (100 ns) is a bucket of its own. Above, each range from a power of two to the next is cut into 128 buckets of equal width: 128 buckets
/// of width 2, then 128 of width 4, and so on. A percentile is told as the last value of its bucket, and so is never too low, and by less than 1/128 too high.</para>
/// <para>Recording changes one counter. Not safe for concurrent use: each caller has one of its own, and they are added up.</para>
/// </remarks>
internal sealed class LatencyHistogram
{
    /// <summary>Up to here, exclusive, values are exact. In ticks.</summary>
    public const long LinearEnd = 2 * SubBuckets;

    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;

    // 2^40 ticks are 30 hours; what takes longer is counted as that.
    private const int MaxBits = 40;
    private const int BucketCount = SubBuckets * (MaxBits - SubBucketBits + 1);

    private readonly long[] _counts = new long[BucketCount];
    private Int128 _sum;

    /// <summary>How many were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest one, exactly; zero if there is none.</summary>
    public TimeSpan Max { get; private set; }

    /// <summary>The mean, exactly up to rounding down; zero if there is none.</summary>
    public TimeSpan Mean => Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks((long)(_sum / Count));

    /// <summary>Counts one. What is negative counts as zero.</summary>
    public void Record(TimeSpan time)
    {
        var ticks = Math.Clamp(time.Ticks, 0, (1L << MaxBits) - 1);
        _counts[IndexOf(ticks)]++;
        Count++;
        _sum += ticks;
        Max = time > Max ? time : Max;
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        Max = other.Max > Max ? other.Max : Max;
    }

    /// <summary>The time that a share of all did not exceed: the smallest value with at least that share at or below it, rounded up to the end of its bucket.</summary>
    /// <param name="share">In (0, 1]: 0.99 for p99.</param>
    /// <returns>At most <see cref="Max"/>; zero if there is none.</returns>
    public TimeSpan Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var rank = Math.Max((long)Math.Ceiling(share * Count), 1);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                var last = TimeSpan.FromTicks(LastOf(i));
                return last < Max ? last : Max;
            }
        }

        return TimeSpan.Zero;
    }

    private static int IndexOf(long ticks)
    {
        // The number of low bits that a bucket of this size does not tell apart.
        var shift = Math.Max(BitOperations.Log2((ulong)ticks | 1) - SubBucketBits, 0);
        return (shift << SubBucketBits) + (int)(ticks >> shift);
    }

    private static long LastOf(int index)
    {
        var shift = Math.Max((index >> SubBucketBits) - 1, 0);
        return ((index - ((long)shift << SubBucketBits) + 1) << shift) - 1;
    }
}
