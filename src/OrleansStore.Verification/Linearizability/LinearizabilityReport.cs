namespace OrleansStore.Verification.Linearizability;

/// <summary>The result of a check.</summary>
/// <param name="Verdict">Not linearizable if one component is not; else undecided if one was given up.</param>
/// <param name="Operations">How many operations said anything and were checked.</param>
/// <param name="Components">Into how many independent parts the history fell.</param>
/// <param name="StepsTried">How much work it was.</param>
/// <param name="Counterexample">What cannot be explained, of the first component where something cannot; null unless the verdict is that there is such a component.</param>
public sealed record LinearizabilityReport(LinearizabilityVerdict Verdict, int Operations, int Components, long StepsTried, Counterexample? Counterexample);
