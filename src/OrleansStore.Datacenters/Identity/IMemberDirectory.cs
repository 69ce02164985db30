using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Which incarnation each datacenter's folder has, as far as this process has heard. The voters of a bucket are what its log says; this tells whom to
/// take in next, and whom not to listen to any more. Safe from any thread.</summary>
public interface IMemberDirectory
{
    /// <summary>The members by ascending datacenter, this one included; empty before the store is formed.</summary>
    ImmutableArray<MemberIncarnation> Members { get; }

    /// <summary>The founders by ascending datacenter: the first voters of every bucket, the same in every datacenter. Empty before the store is
    /// formed.</summary>
    ImmutableArray<Founder> Founders { get; }

    /// <summary>Raised, on the links' scheduler, after <see cref="Members"/> has changed; the change is durable.</summary>
    event EventHandler? MembersChanged;
}
