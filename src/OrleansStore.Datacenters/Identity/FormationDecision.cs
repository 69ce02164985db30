using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Identity;

/// <summary>What a folder without a store does next.</summary>
/// <param name="Kind">The step.</param>
/// <param name="StoreId">The store it is about; <see cref="StoreId.None"/> where the kind is <see cref="FormationStep.Wait"/>, or
/// <see cref="FormationStep.Propose"/>, whose id
/// is yet to be minted.</param>
/// <param name="Founders">The founders of that store; empty where there is nothing to do.</param>
/// <param name="Reason">What is waited for, for the status; empty where there is something to do.</param>
internal readonly record struct FormationDecision(FormationStep Kind, StoreId StoreId, ImmutableArray<Founder> Founders, string Reason)
{
    public static FormationDecision Wait(string reason) => new(FormationStep.Wait, StoreId.None, [], reason);
}
