namespace OrleansStore.Cli.Status;

/// <summary>What one datacenter says of its link to another.</summary>
/// <param name="Peer">The other one.</param>
/// <param name="State"><c>up</c>, <c>down</c> or <c>refused</c>.</param>
/// <param name="Reason">Why it is not up; null where it is.</param>
/// <param name="RoundTripMs">The time to the other one and back; null where it was not measured.</param>
/// <param name="SkewMs">By how much the clock over there is ahead; null where it was not measured.</param>
/// <param name="QueuedBytes">What waits to be sent.</param>
internal sealed record LinkView(string Peer, string State, string? Reason, double? RoundTripMs, double? SkewMs, long QueuedBytes);
