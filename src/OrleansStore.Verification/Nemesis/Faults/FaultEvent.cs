namespace OrleansStore.Verification.Nemesis.Faults;

/// <summary>One fault of a schedule. Immutable.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Start">When, from the beginning of the run; later where the cluster has not yet come back from the fault before.</param>
/// <param name="Duration">How long it lasts.</param>
/// <param name="Victim">The place of the datacenter that it strikes, from 0; without meaning for <see cref="FaultKind.AllKilled"/>.</param>
/// <param name="Peer">The place of the other end for <see cref="FaultKind.Pair"/>; else equal to <paramref name="Victim"/>.</param>
/// <param name="IsInbound">For <see cref="FaultKind.OneWay"/>: the victim hears nobody; else it is heard by nobody.</param>
public sealed record FaultEvent(FaultKind Kind, TimeSpan Start, TimeSpan Duration, int Victim, int Peer, bool IsInbound)
{
    /// <summary>Whether the clients of a datacenter must be served on: it stands, and reaches a majority.</summary>
    /// <param name="datacenter">Its place, from 0.</param>
    public bool Spares(int datacenter) => Kind switch
    {
        FaultKind.AllKilled => false,
        FaultKind.Pair => true,
        _ => datacenter != Victim,
    };
}
