using OrleansStore.Storage.Testing.Postgres;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>One server for all tests that do not harm it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;

    public PostgresServer Server => _server ?? throw new InvalidOperationException(PostgresBinaries.Absence);

    public async Task InitializeAsync() => _server = PostgresBinaries.Absence is null ? await PostgresServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
