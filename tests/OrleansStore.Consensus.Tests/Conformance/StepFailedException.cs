namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>A step of a vector did not go as expected; names the step.</summary>
internal sealed class StepFailedException(string message, Exception inner) : Exception(message, inner);
