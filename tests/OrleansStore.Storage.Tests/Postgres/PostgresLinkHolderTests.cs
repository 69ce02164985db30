using Npgsql;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>One silo of several holds the links of its datacenter, and alone replaces the formation record.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresLinkHolderTests(PostgresFixture fixture)
{
    private static readonly DatabaseOptions Short = new() { Owner = "a test", ClaimDuration = TimeSpan.FromSeconds(0.5) };

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Links_AreHeldByOneSilo_AndPassOnWhenItStops()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var second = await PostgresProcess.OpenHomeAsync(database, Short);
        LinkHolding? held;
        await using (var first = await PostgresProcess.OpenHomeAsync(database, Short))
        {
            held = await first.TryHoldLinksAsync(CancellationToken.None);
            Assert.NotNull(held);
            Assert.Null(await second.TryHoldLinksAsync(CancellationToken.None));
            Assert.Equal(held.Number, (await first.TryHoldLinksAsync(CancellationToken.None))?.Number);
        }

        var next = await second.TryHoldLinksAsync(CancellationToken.None);
        Assert.True(next?.Number > held.Number, $"{next?.Number} does not follow {held.Number}");
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Record_IsReplacedByTheHolderAlone_AndReadByAll()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var first = await PostgresProcess.OpenHomeAsync(database, Short);
        await using var second = await PostgresProcess.OpenHomeAsync(database, Short);
        await first.TryHoldLinksAsync(CancellationToken.None);
        await first.WriteRecordAsync([1]);
        await first.InitializeAsync(StorageHost.Identity);

        var refusal = await Assert.ThrowsAsync<StoreException>(async () => await second.WriteRecordAsync([2]));

        Assert.Equal(ErrorCode.WriterFenced, refusal.Code);
        Assert.Null(second.Identity);
        Assert.Equal([1], await second.ReadRecordAsync());
        Assert.Equal(StorageHost.Identity, second.Identity);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Holder_IsOver_AndWritesNothing_WhenItsClaimRanOutAndWasTakenAnew()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var first = await PostgresProcess.OpenHomeAsync(database, Short);
        await using var second = await PostgresProcess.OpenHomeAsync(database, Short);
        var held = (await first.TryHoldLinksAsync(CancellationToken.None))!;
        Assert.False(held.IsOver);

        // What a silo that was away for too long finds: somebody has noticed.
        await fixture.Server.ExecuteAsync(
            new NpgsqlConnectionStringBuilder(database).Database!, "DELETE FROM orleansstore.claim c USING orleansstore.link_holder l WHERE c.claim_id = l.claim_id");
        Assert.NotNull(await second.TryHoldLinksAsync(CancellationToken.None));
        while (!held.IsOver)
        {
            await Task.Delay(10);
        }

        var refusal = await Assert.ThrowsAsync<StoreException>(async () => await first.WriteRecordAsync([1]));
        Assert.Equal(ErrorCode.WriterFenced, refusal.Code);
        Assert.Null(await first.TryHoldLinksAsync(CancellationToken.None));
        await second.WriteRecordAsync([2]);
    }
}
