using System.Collections.Immutable;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Embedded.Tests.Harness;

internal static class Identities
{
    public static readonly StoreId Store = new(0x5EED);

    public static DatacenterId Dc(int number) => new((ushort)number);

    public static ImmutableArray<Founder> Founders(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new Founder(Dc(number), 100 + (ulong)number))];

    /// <summary>Datacenter <paramref name="number"/> of three, a founding member of <see cref="Store"/>.</summary>
    public static PeerIdentity Member(int number, int count = 3) => new()
    {
        Datacenter = Dc(number),
        Name = $"dc{number}",
        Incarnation = 100 + (ulong)number,
        Phase = FormationPhase.Member,
        StoreId = Store,
        Founders = Founders(count),
        Epoch = new Epoch(1),
        TopologyHash = 0xFEED,
        BucketCount = 64,
    };

    public static PeerIdentity Empty(int number) => Member(number) with { Phase = FormationPhase.Empty, StoreId = StoreId.None, Founders = [] };

    public static PeerName[] PeersOf(int number, int count) =>
        [.. Enumerable.Range(1, count).Where(other => other != number).Select(other => new PeerName(Dc(other), $"dc{other}"))];
}
