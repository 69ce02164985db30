using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Buckets;

namespace OrleansStore.Grains.Silos;

/// <summary>The silos of an Orleans cluster, as the datacenter knows them. A silo's name is its address, which no later run of it has.</summary>
internal sealed partial class SiloCluster(
    ILocalSiloDetails self, IClusterMembershipService membership, IGrainFactory grains, SiloPosts posts, BucketActivations activations, ILogger<SiloCluster> logger) : ISiloCluster
{
    // Replaced as a whole when the cluster changes.
    private volatile Snapshot? _snapshot;

    public SiloName Self { get; } = NameOf(self.SiloAddress);

    public ImmutableArray<SiloName> Members
    {
        get
        {
            var current = membership.CurrentSnapshot;
            if (_snapshot is not { } known || known.Version != current.Version)
            {
                _snapshot = known = new Snapshot(
                    current.Version,
                    [.. current.Members.Values.Where(member => member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping).Select(member => NameOf(member.SiloAddress))]);
            }

            return known.Members;
        }
    }

    public bool IsHere(BucketId bucket) => activations.IsHere(bucket);

    public async ValueTask<SiloName?> LocateAsync(BucketId bucket)
    {
        try
        {
            return new SiloName(await grains.GetGrain<IBucketGrain>((long)bucket.Packed).LocateAsync());
        }
        catch (Exception reason) when (IsFailure(reason))
        {
            // The cluster is in the middle of a change, or this silo stops. Whatever comes next for the bucket asks again.
            LogNotLocated(reason, bucket);
            return null;
        }
    }

    public async ValueTask<ImmutableArray<BucketId>> DeliverAsync(SiloName to, ReadOnlyMemory<byte> batch)
    {
        try
        {
            var misplaced = await posts.Of(to).DeliverAsync(Self.Text, batch.ToArray()) ?? throw new IOException($"Silo {to} has not started its store yet.");
            return [.. misplaced.Select(static packed => BucketId.TryUnpack(packed, out var bucket) ? bucket : throw new IOException("A silo names what is no bucket."))];
        }
        catch (Exception reason) when (IsFailure(reason))
        {
            throw new IOException($"Silo {to} was not reached: {reason.Message}", reason);
        }
    }

    /// <summary>Whether an exception is a call's that did not get through, rather than a bug.</summary>
    public static bool IsFailure(Exception reason) => reason is OrleansException or TimeoutException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or StoreException;

    private static SiloName NameOf(SiloAddress address) => new(address.ToParsableString());

    [LoggerMessage(1, LogLevel.Debug, "Bucket {Bucket} was not located")]
    private partial void LogNotLocated(Exception reason, BucketId bucket);

    private sealed record Snapshot(MembershipVersion Version, ImmutableArray<SiloName> Members);
}
