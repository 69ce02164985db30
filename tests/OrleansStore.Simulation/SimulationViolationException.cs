using OrleansStore.Verification;

namespace OrleansStore.Simulation;

/// <summary>Something happened that must never happen.</summary>
internal sealed class SimulationViolationException : Exception
{
    /// <summary>The store stopped by itself or threw at a client: no checker says why.</summary>
    public SimulationViolationException(string message)
        : base(message)
    {
    }

    /// <summary>A checker has found it.</summary>
    public SimulationViolationException(Violation violation)
        : base(violation.ToString()) => Property = violation.Property;

    /// <summary>What was broken, which names the checker that found it; null where none did.</summary>
    public VerifiedProperty? Property { get; }
}
