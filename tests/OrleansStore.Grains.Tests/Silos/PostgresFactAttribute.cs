using OrleansStore.Storage.Testing.Postgres;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>A test that needs PostgreSQL; skipped, with the reason, where it is absent.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresBinaries.Absence!;
}
