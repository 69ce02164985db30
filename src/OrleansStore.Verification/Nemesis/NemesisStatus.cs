namespace OrleansStore.Verification.Nemesis;

/// <summary>How far a run is. Immutable.</summary>
/// <param name="Phase">What it is at.</param>
/// <param name="Share">How much of the phase is done, from 0 to 1; null where nobody knows.</param>
/// <param name="Answered">How many operations have been answered.</param>
/// <param name="Fault">What is being done to the cluster, in words; null for nothing.</param>
public sealed record NemesisStatus(NemesisPhase Phase, double? Share, long Answered, string? Fault);
