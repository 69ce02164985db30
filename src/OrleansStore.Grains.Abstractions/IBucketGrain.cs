namespace OrleansStore.Grains.Abstractions;

/// <summary>One bucket in one datacenter, as a virtual actor: while it is active in a silo, the replica may be in that silo's memory; when it is deactivated the replica is closed.</summary>
/// <remarks>Its key is the bucket's <see cref="BucketId.Packed"/>. There is one per bucket in each cluster; the same key in another cluster is that datacenter's replica.</remarks>
[Alias("orleansstore.bucket")]
public interface IBucketGrain : IGrainWithIntegerKey
{
    /// <summary>Sees to it that the bucket has an activation.</summary>
    /// <returns>The silo of the activation, as <see cref="Orleans.Runtime.SiloAddress"/> writes itself.</returns>
    [Alias("locate")]
    [ResponseTimeout("00:00:05")]
    ValueTask<string> LocateAsync();

    /// <summary>Wakes the bucket because something is due.</summary>
    [Alias("wake")]
    [ResponseTimeout("00:00:05")]
    ValueTask WakeAsync();
}
