using Orleans.Concurrency;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Placement;

namespace OrleansStore.Grains.Buckets;

/// <summary>One bucket of this datacenter: its activation is the leave for the replica to be in this silo's memory, its deactivation closes the replica.</summary>
/// <remarks>The idle collection of the runtime leaves it alone: it counts calls of the grain, while a replica is kept busy by its peers. It goes when the replica hibernates.</remarks>
[Reentrant, BucketPlacement, CollectionAgeLimit(AlwaysActive = true)]
internal sealed class BucketGrain(BucketActivations activations, ILocalSiloDetails silo) : Grain, IBucketGrain
{
    private BucketActivation? _activation;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!BucketId.TryUnpack((ulong)this.GetPrimaryKeyLong(), out var bucket))
        {
            throw new ArgumentException($"The key {this.GetPrimaryKeyLong():x} is no bucket.");
        }

        _activation = activations.Admit(bucket, GrainContext);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_activation is { } activation)
        {
            await activations.DismissAsync(activation, cancellationToken);
        }
    }

    public ValueTask WakeAsync()
    {
        activations.Wake(_activation!.Bucket);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string> LocateAsync() => new(silo.SiloAddress.ToParsableString());
}
