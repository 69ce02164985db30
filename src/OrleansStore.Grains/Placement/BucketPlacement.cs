namespace OrleansStore.Grains.Placement;

/// <summary>The strategy of <see cref="BucketPlacementDirector"/>; it has no settings.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.placement")]
internal sealed class BucketPlacement : PlacementStrategy
{
}
