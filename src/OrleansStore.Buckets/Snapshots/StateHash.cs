using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Snapshots;

/// <summary>Compares replicas: at equal applied log indexes their states have equal hashes.</summary>
public static class StateHash
{
    private const int BufferBytes = 16 * 1024;

    /// <summary>The XXH64 of the encoded state. Reads all of it: for tests and for checks between replicas, not for each command.</summary>
    public static ulong Compute(BucketView view)
    {
        var encoder = new StateEncoder(view);
        Span<byte> buffer = stackalloc byte[BufferBytes];
        while (!encoder.IsCompleted)
        {
            encoder.Write(buffer);
        }

        return encoder.Hash;
    }
}
