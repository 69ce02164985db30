namespace OrleansStore;

/// <summary>The answer to "did my write happen?" (invariant 5).</summary>
/// <param name="Status">What is known.</param>
/// <param name="Result">The request's first answer for <see cref="OutcomeStatus.Applied"/> and <see cref="OutcomeStatus.Rejected"/>; else null.</param>
public sealed record OutcomeResult(OutcomeStatus Status, WriteResult? Result = null);
