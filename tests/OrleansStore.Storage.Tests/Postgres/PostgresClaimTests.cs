using OrleansStore.Consensus;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Tests.Contract;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>Design invariant 2 with two silos on one database.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresClaimTests(PostgresFixture fixture)
{
    private static readonly BucketId Bucket = new(1);
    private static readonly BucketId Other = new(2);
    private static readonly DatabaseOptions Short = new() { Owner = "a test", ClaimDuration = TimeSpan.FromSeconds(1), MaxBatchBytes = 64 << 10 };

    private static MonotonicTime Now => new(TimeProvider.System.GetElapsedTime(0).Ticks);

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Flush_FailsForOneBucketOnly_WhenAnotherSiloHasOpenedIt()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var first = await PostgresProcess.StartAsync(database);
        await using var second = await PostgresProcess.StartAsync(database);
        var (mine, other) = ((await first.OpenAsync(Bucket)).Log, (await first.OpenAsync(Other)).Log);
        await first.AppendAsync(mine, StorageContract.Entries(1, 2));
        var opened = await second.Storage.OpenAsync(Bucket, CancellationToken.None);

        // Both meet in one flush, or in two: the second silo's bucket is unchanged either way.
        Assert.Equal(AppendStatus.Queued, mine.TryAppend(StorageContract.Entries(3, 1), 101));
        Assert.Equal(AppendStatus.Queued, other.TryAppend(StorageContract.Entries(1, 1), 102));

        var refused = await first.Completions.WaitAsync(mine.Writer, 101);
        Assert.Equal(ErrorCode.WriterFenced, refused.Failure?.Code);
        Assert.Null((await first.Completions.WaitAsync(other.Writer, 102)).Failure);
        Assert.Equal(AppendStatus.Fenced, mine.TryAppend(StorageContract.Entries(3, 1), 103));
        Assert.Null(first.Storage.Failure);
        Assert.Equal(new LogIndex(2), opened.State.LastIndex);
        await opened.Claim.WaitAsync(CancellationToken.None);
        await second.AppendAsync(opened.Log, StorageContract.Entries(3, 1, term: 2));
        Assert.Equal([1UL, 1, 2], (await second.OpenAsync(Bucket)).State.Entries.Select(entry => entry.Term.Value));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task NewWriter_IsSilent_UntilTheOldOneHasFallenSilent()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var first = await PostgresProcess.StartAsync(database);
        await using var second = await PostgresProcess.StartAsync(database);
        var old = (await first.OpenAsync(Bucket)).Claim;
        Assert.True(old.IsHeldAt(Now));

        var opened = await second.Storage.OpenAsync(Bucket, CancellationToken.None);
        var waiting = opened.Claim.WaitAsync(CancellationToken.None).AsTask();
        while (!waiting.IsCompleted)
        {
            // Read in this order: the new one was silent at a moment after which the old one may have ended.
            var isNewHeld = opened.Claim.IsHeldAt(Now);
            Assert.False(isNewHeld && old.IsHeldAt(Now));
            await Task.Yield();
        }

        await waiting;
        Assert.False(old.IsHeldAt(Now));
        Assert.True(opened.Claim.IsHeldAt(Now));
        await first.Completions.WaitForFencedAsync(1);
        Assert.Equal(Bucket, first.Completions.Fenced[0].Bucket);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task NewWriter_SpeaksAtOnce_WhenTheOldOneWasClosedOrItsSiloStopped()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var patient = new DatabaseOptions { Owner = "a test", ClaimDuration = TimeSpan.FromMinutes(1) };
        await using var second = await PostgresProcess.StartAsync(database, patient);
        await using (var first = await PostgresProcess.StartAsync(database, patient))
        {
            (await first.OpenAsync(Bucket)).Log.Close();
            await first.OpenAsync(Other);

            // The hold is given back after the next flush; whoever comes first waits for less than the claim lasts.
            await first.AppendAsync((await first.OpenAsync(new BucketId(3))).Log, StorageContract.Entries(1, 1));
        }

        var before = Now;
        Assert.True((await second.OpenAsync(Bucket)).Claim.HeldSince >= before);
        Assert.True((await second.OpenAsync(Other)).Claim.IsHeldAt(Now));
        Assert.True(Now - before < TimeSpan.FromSeconds(30), "the claim of a silo that stopped was waited for");
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task NewWriter_WaitsForTheEndOfTheClaim_WhenTheOldSiloHasDied()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await using var second = await PostgresProcess.StartAsync(database, Short);

        // A silo that died: its claim and its hold stand, and nobody renews them.
        var first = await PostgresProcess.StartAsync(database, Short);
        await first.OpenAsync(Bucket);
        await fixture.Server.ExecuteAsync(name, "CREATE TABLE orleansstore.dead AS SELECT claim_id, owner, is_exclusive FROM orleansstore.holder JOIN orleansstore.claim USING (claim_id)");
        await first.DisposeAsync();
        await fixture.Server.ExecuteAsync(name, """
            INSERT INTO orleansstore.claim SELECT claim_id, owner, is_exclusive, clock_timestamp() + interval '1 s' FROM orleansstore.dead;
            INSERT INTO orleansstore.holder SELECT 1, claim_id, 1 FROM orleansstore.dead
            """);
        var before = Now;

        var opened = await second.Storage.OpenAsync(Bucket, CancellationToken.None);
        Assert.False(opened.Claim.IsHeldAt(Now));
        await opened.Claim.WaitAsync(CancellationToken.None);

        Assert.True(Now - before >= TimeSpan.FromSeconds(0.9), $"spoke after {Now - before}");
        Assert.True(opened.Claim.HeldSince - before >= TimeSpan.FromSeconds(0.9));
        Assert.True(opened.Claim.IsHeldAt(Now));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Silo_GoesOnWithItsBucketsButThoseThatOthersOpened_WhenItsClaimWasLost()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await using var first = await PostgresProcess.StartAsync(database, Short);
        await using var second = await PostgresProcess.StartAsync(database, Short);
        var (lost, kept) = (await first.OpenAsync(Bucket), await first.OpenAsync(Other));

        // As if it had run out while the first silo could not reach the database: in one step the claim is gone and the second silo has the bucket.
        await fixture.Server.ExecuteAsync(name, "DELETE FROM orleansstore.claim c USING orleansstore.holder h WHERE h.claim_id = c.claim_id");
        var opened = await second.OpenAsync(Bucket);

        await first.Completions.WaitForFencedAsync(1);
        await first.AppendAsync(kept.Log, StorageContract.Entries(1, 1));
        Assert.Equal(AppendStatus.Fenced, lost.Log.TryAppend(StorageContract.Entries(1, 1), 1));
        Assert.False(lost.Claim.IsHeldAt(Now));
        Assert.True(opened.Claim.IsHeldAt(Now));
        var reopened = await first.OpenAsync(Other);
        Assert.True(reopened.Claim.IsHeldAt(Now));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Claim_IsNotHeld_WhenItCouldNotBeRenewedInTime()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var name = new Npgsql.NpgsqlConnectionStringBuilder(database).Database!;
        await using var process = await PostgresProcess.StartAsync(database, Short);
        var opened = await process.OpenAsync(Bucket);

        // Renewals wait for a lock that somebody holds.
        await using var blocker = new Npgsql.NpgsqlConnection(fixture.Server.ConnectionString(name, "postgres"));
        await blocker.OpenAsync();
        await using (var transaction = await blocker.BeginTransactionAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM orleansstore.claim FOR UPDATE", blocker, transaction);
            await command.ExecuteNonQueryAsync();
            var start = Now;
            while (opened.Claim.IsHeldAt(Now))
            {
                Assert.True(Now - start < TimeSpan.FromSeconds(1), "still held a whole claim after the last renewal");
                await Task.Delay(10);
            }
        }

        // Nobody took it away meanwhile, so that it goes on with the next renewal.
        while (!opened.Claim.IsHeldAt(Now))
        {
            await Task.Delay(10);
        }

        await process.AppendAsync(opened.Log, StorageContract.Entries(1, 1));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Start_IsRefused_WhileAnotherSiloHasAnExclusiveClaim()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var exclusive = new DatabaseOptions { Owner = "the first one", ClaimDuration = TimeSpan.FromSeconds(0.5), IsExclusive = true };
        await using (await PostgresProcess.OpenHomeAsync(database, exclusive))
        {
            var refusal = await Assert.ThrowsAsync<StoreException>(async () => await PostgresProcess.OpenHomeAsync(database, exclusive));
            Assert.Equal(ErrorCode.DataFolderInUse, refusal.Code);
            Assert.Contains("the first one", refusal.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StoreException>(async () => await PostgresProcess.OpenHomeAsync(database, Short));
        }

        await using var next = await PostgresProcess.OpenHomeAsync(database, exclusive);
        Assert.Null(next.Identity);
    }
}
