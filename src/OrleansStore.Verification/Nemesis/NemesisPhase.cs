namespace OrleansStore.Verification.Nemesis;

/// <summary>What a run is at.</summary>
public enum NemesisPhase
{
    /// <summary>Waiting for every datacenter to be ready.</summary>
    Starting = 1,

    /// <summary>Clients work as fast as they can, for the load to be found.</summary>
    Measuring = 2,

    /// <summary>Clients work, faults come.</summary>
    Faults = 3,

    /// <summary>All is healed; every client must be answered.</summary>
    Recovering = 4,

    /// <summary>Every key is read through every datacenter.</summary>
    Reading = 5,

    /// <summary>The history is checked.</summary>
    Checking = 6,
}
