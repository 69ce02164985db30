namespace OrleansStore.Verification.Nemesis.Faults;

/// <summary>A fault as it happened. Immutable.</summary>
/// <param name="Event">What was done.</param>
/// <param name="Injected">When, from the beginning of the run.</param>
/// <param name="Healed">When it was taken back: links healed, or processes started again.</param>
/// <param name="Recovered">When every datacenter was ready again and every client answered; null where that did not come, or was not awaited.</param>
public sealed record FaultWindow(FaultEvent Event, TimeSpan Injected, TimeSpan Healed, TimeSpan? Recovered);
