using OrleansStore.Grains.Tests.Harness;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>A test that needs PostgreSQL and Orleans' scripts for it; skipped, with the reason, where one is absent.</summary>
public sealed class PairProcessFactAttribute : FactAttribute
{
    public PairProcessFactAttribute() => Skip = PairProcesses.Absence!;
}
