using OrleansStore.Client;
using OrleansStore.Client.Tests;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>The shared suite through a silo that does not hold the links of its datacenter: everything it does takes all the ways there are.</summary>
[Collection(SharedPairs.Collection), Trait("Category", "Integration")]
public sealed class PairBehaviourTests(SharedPairs shared) : StoreBehaviour
{
    protected override IStore Store { get; } = shared.Pairs.Store(0, 1 - shared.Pairs.HolderOf(0));
}
