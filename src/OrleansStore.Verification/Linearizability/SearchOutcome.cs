namespace OrleansStore.Verification.Linearizability;

/// <summary>How a search ended.</summary>
/// <param name="Verdict">What it found.</param>
/// <param name="Order">The order that explains all answers, if there is one; else the longest that explains a part of them.</param>
/// <param name="Stuck">Where there is none: the steps one of which would have had to come next.</param>
/// <param name="StepsTried">How much was tried.</param>
internal sealed record SearchOutcome(LinearizabilityVerdict Verdict, IReadOnlyList<Step> Order, IReadOnlyList<Step> Stuck, long StepsTried);
