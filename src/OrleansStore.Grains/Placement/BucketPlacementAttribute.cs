using Orleans.Placement;

namespace OrleansStore.Grains.Placement;

/// <summary>Places a bucket's grain by <see cref="BucketPlacementDirector"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
internal sealed class BucketPlacementAttribute() : PlacementAttribute(new BucketPlacement());
