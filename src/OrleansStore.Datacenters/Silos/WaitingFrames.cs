using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Silos;

/// <summary>Payloads whose bucket is being located, per bucket and in order. Bounded. Safe for concurrent use.</summary>
/// <param name="time">The clocks.</param>
internal sealed class WaitingFrames(TimeProvider time)
{
    /// <summary>The most bytes that wait for all buckets together (invariant 10).</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>What has waited longer is of no use: a request's time is counted from when it arrives, and consensus has sent again by then.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<BucketId, Queue<Frame>> _waiting = [];
    private long _bytes;

    /// <summary>A payload that waits.</summary>
    public sealed record Frame(DatacenterId From, LinkClass Class, byte Hops, byte[] Payload, long Since);

    /// <summary>Has a payload wait.</summary>
    /// <param name="bucket">For what.</param>
    /// <param name="from">Of whom.</param>
    /// <param name="linkClass">Its class.</param>
    /// <param name="hops">How often it was passed on.</param>
    /// <param name="payload">Copied.</param>
    /// <param name="isFirst">Whether nothing waited for the bucket: then the caller locates it, and takes what waits with <see cref="TryTake"/> until nothing does.</param>
    /// <returns>False, and the payload is dropped, where there is no room.</returns>
    public bool TryAdd(BucketId bucket, DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload, out bool isFirst)
    {
        lock (_gate)
        {
            isFirst = !_waiting.TryGetValue(bucket, out var queue);
            if (_bytes + payload.Length > MaxBytes)
            {
                isFirst = false;
                return false;
            }

            if (queue is null)
            {
                _waiting.Add(bucket, queue = new Queue<Frame>());
            }

            _bytes += payload.Length;
            queue.Enqueue(new Frame(from, linkClass, hops, payload.ToArray(), time.GetTimestamp()));
            return true;
        }
    }

    /// <summary>Whether something waits: what comes later must wait behind it.</summary>
    public bool IsWaiting(BucketId bucket)
    {
        lock (_gate)
        {
            return _waiting.ContainsKey(bucket);
        }
    }

    /// <summary>Takes the next payload of a bucket, without those that have waited for too long.</summary>
    /// <returns>False when none is left; from then on nothing waits for the bucket.</returns>
    public bool TryTake(BucketId bucket, out Frame? frame)
    {
        lock (_gate)
        {
            var queue = _waiting[bucket];
            while (queue.TryDequeue(out frame))
            {
                _bytes -= frame.Payload.Length;
                if (time.GetElapsedTime(frame.Since) <= MaxAge)
                {
                    return true;
                }
            }

            _waiting.Remove(bucket);
            return false;
        }
    }
}
