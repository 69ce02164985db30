using OrleansStore.Storage.Tests.Contract;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>The contract over PostgreSQL, with a login that may do no more than running stores need.</summary>
[NeedsPostgres, Collection(PostgresCollection.Name)]
public sealed class PostgresContractTests(PostgresFixture fixture) : StorageContract
{
    private string? _connectionString;

    internal override async Task<StorageProcess> StartAsync() => await PostgresProcess.StartAsync(_connectionString ??= await fixture.Server.CreateStoreAsync());
}
