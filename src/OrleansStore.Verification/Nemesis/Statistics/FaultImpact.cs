using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Nemesis.Statistics;

/// <summary>What clients felt of one kind of fault, over all times that it was injected: from the injection to the next fault. Immutable.</summary>
/// <param name="Kind">The kind; null for the time before the first fault.</param>
/// <param name="Count">How often it was injected.</param>
/// <param name="WorstGap">The longest time from one answer of a client to its next, among the clients of datacenters that the fault spares (for one that spares none, of all).</param>
/// <param name="WorstLatency">The longest time from an operation's beginning to its answer, among the same clients.</param>
/// <param name="LongestSilence">The longest time in which nobody at all was answered.</param>
/// <param name="Answered">How many operations of all clients were answered.</param>
/// <param name="Errors">How many were not, by code.</param>
public sealed record FaultImpact(
    FaultKind? Kind, int Count, TimeSpan WorstGap, TimeSpan WorstLatency, TimeSpan LongestSilence, long Answered, IReadOnlyDictionary<ErrorCode, long> Errors);
