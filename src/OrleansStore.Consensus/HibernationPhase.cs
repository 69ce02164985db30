namespace OrleansStore.Consensus;

/// <summary>Where a replica stands between work and sleep.</summary>
public enum HibernationPhase
{
    /// <summary>It takes part: heartbeats are sent or awaited.</summary>
    Awake = 1,

    /// <summary>A leader has ended its lease and waits until the others agree to sleep.</summary>
    Draining = 2,

    /// <summary>Nothing is sent and nothing is awaited: ticks have no effect, and the driver may drop the replica from memory.</summary>
    Asleep = 3,
}
