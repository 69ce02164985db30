using OrleansStore.Verification.Linearizability;

namespace OrleansStore.Verification.Nemesis.Checks;

/// <summary>What the checks of a recorded history came to. Immutable.</summary>
/// <param name="Linearizability">The verdict over all parts.</param>
/// <param name="Operations">How many operations were checked.</param>
/// <param name="Parts">Into how many independent parts the history fell.</param>
/// <param name="Undecided">How many parts were given up.</param>
/// <param name="Counterexample">What cannot be explained, of one part where something cannot; null where there is none.</param>
/// <param name="LostWrites">Acknowledged writes that are not there at the end, one sentence each; at most <see cref="MaxSentences"/>.</param>
public sealed record HistoryVerdict(
    LinearizabilityVerdict Linearizability, int Operations, int Parts, int Undecided, Counterexample? Counterexample, IReadOnlyList<string> LostWrites)
{
    /// <summary>The most sentences that are kept of one kind.</summary>
    public const int MaxSentences = 20;
}
