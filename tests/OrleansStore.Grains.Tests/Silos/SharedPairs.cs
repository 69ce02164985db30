using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Storage.Testing.Postgres;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>Three datacenters of two silos that many tests share, each with keys of its own. Not started where PostgreSQL is absent.</summary>
public sealed class SharedPairs : IAsyncLifetime
{
    public const string Collection = "three datacenters of two silos";

    private SiloPairs? _pairs;

    public SiloPairs Pairs => _pairs ?? throw new InvalidOperationException(PostgresBinaries.Absence);

    public async Task InitializeAsync() => _pairs = PostgresBinaries.Absence is null ? await SiloPairs.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_pairs is not null)
        {
            await _pairs.DisposeAsync();
        }
    }
}
