using Npgsql;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresFixture fixture)
{
    [PostgresFact, Trait("Category", "Integration")]
    public async Task Schema_IsAppliedOnce_HoweverOftenItIsAskedFor()
    {
        var database = await fixture.Server.CreateEmptyAsync();
        Assert.Equal(0, await PostgresSchema.ReadVersionAsync(database, CancellationToken.None));

        Assert.Equal([1, 2], await PostgresSchema.ApplyAsync(database, CancellationToken.None));
        Assert.Empty(await PostgresSchema.ApplyAsync(database, CancellationToken.None));

        // By hand, too: the scripts themselves change nothing the second time.
        foreach (var script in (string[])["0001-initial.sql", "0002-link-holder.sql"])
        {
            await fixture.Server.ExecuteAsync(new NpgsqlConnectionStringBuilder(database).Database!, PostgresSchema.ReadScript(script));
        }

        Assert.Equal(PostgresSchema.Version, await PostgresSchema.ReadVersionAsync(database, CancellationToken.None));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Start_SaysWhatToDo_WhenTheSchemaIsMissing()
    {
        var refusal = await Assert.ThrowsAsync<StoreException>(async () => await PostgresProcess.OpenHomeAsync(await fixture.Server.CreateEmptyAsync()));

        Assert.Equal((ErrorCode.UnsupportedFormat, false), (refusal.Code, refusal.IsTransient));
        Assert.Contains("ostore schema apply", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Start_IsRefused_WhenTheSchemaIsNewer()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await fixture.Server.ExecuteAsync(new NpgsqlConnectionStringBuilder(database).Database!, "INSERT INTO orleansstore.schema_version VALUES (99)");

        var refusal = await Assert.ThrowsAsync<StoreException>(async () => await PostgresProcess.OpenHomeAsync(database));

        Assert.Equal(ErrorCode.UnsupportedFormat, refusal.Code);
        Assert.Contains("99", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task RuntimeRole_MayChangeRowsAndNothingElse_WhenItTriesMore()
    {
        await using var connection = new NpgsqlConnection(await fixture.Server.CreateStoreAsync());
        await connection.OpenAsync();
        foreach (var statement in (string[])["DROP TABLE orleansstore.replica", "CREATE TABLE orleansstore.t (a int)", "TRUNCATE orleansstore.log_entry", "UPDATE orleansstore.schema_version SET version = 2"])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }
    }
}
