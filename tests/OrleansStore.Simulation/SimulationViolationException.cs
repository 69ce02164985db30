namespace OrleansStore.Simulation;

/// <summary>Something happened that must never happen.</summary>
internal sealed class SimulationViolationException(string message) : Exception(message);
