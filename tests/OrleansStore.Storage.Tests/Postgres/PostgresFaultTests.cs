using System.Text;
using Npgsql;
using OrleansStore.Consensus;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Testing.Postgres;
using OrleansStore.Storage.Tests.Contract;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>Servers that fail: nothing acknowledged is lost, nothing is written twice, and storage goes on by itself.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFaultTests(PostgresFixture fixture)
{
    private static readonly BucketId Bucket = new(1);

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Append_TakesEffectOnce_WhenTheAnswerToItsCommitIsLost()
    {
        var database = new NpgsqlConnectionStringBuilder(await fixture.Server.CreateStoreAsync());
        await using var proxy = new CuttingProxy(database.Port);
        database.Port = proxy.Port;
        await using var process = await PostgresProcess.StartAsync(database.ConnectionString);
        var log = (await process.OpenAsync(Bucket)).Log;
        for (var index = 1UL; index <= 20; index++)
        {
            var marker = Encoding.ASCII.GetBytes($"the content of entry {index:00} in full");
            if (index % 4 == 0)
            {
                proxy.CutAnswerTo(marker);
            }

            await process.AppendAsync(log, new LogAppend { Entries = new[] { new Entry(new Term(1), new LogIndex(index), EntryType.Normal, marker) } });
        }

        Assert.Equal(5, proxy.Cuts);
        Assert.Null(process.Storage.Impediment);
        var state = (await process.OpenAsync(Bucket)).State;
        Assert.Equal(Enumerable.Range(1, 20).Select(index => $"the content of entry {index:00} in full"), state.Entries.Select(entry => Encoding.ASCII.GetString(entry.Data.Span)));
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Append_FailsAsFenced_WhenItsAnswerIsLostAndAnotherSiloOpensTheBucket()
    {
        var connectionString = await fixture.Server.CreateStoreAsync();
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        await using var proxy = new CuttingProxy(database.Port);
        database.Port = proxy.Port;
        await using var first = await PostgresProcess.StartAsync(database.ConnectionString);
        await using var second = await PostgresProcess.StartAsync(connectionString);
        var log = (await first.OpenAsync(Bucket)).Log;
        await first.AppendAsync(log, StorageContract.Entries(1, 1));
        var opened = await second.Storage.OpenAsync(Bucket, CancellationToken.None);
        var marker = Encoding.ASCII.GetBytes("an entry of the writer that was superseded");
        proxy.CutAnswerTo(marker);

        log.TryAppend(new LogAppend { Entries = new[] { new Entry(new Term(1), new LogIndex(2), EntryType.Normal, marker) } }, 77);

        Assert.Equal(ErrorCode.WriterFenced, (await first.Completions.WaitAsync(log.Writer, 77)).Failure?.Code);
        Assert.Equal(1, proxy.Cuts);
        await opened.Claim.WaitAsync(CancellationToken.None);
        Assert.Single((await second.OpenAsync(Bucket)).State.Entries);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Storage_GoesOn_WhenAllConnectionsAreTerminated()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var process = await PostgresProcess.StartAsync(database);
        var log = (await process.OpenAsync(Bucket)).Log;
        for (var index = 1UL; index <= 10; index++)
        {
            await fixture.Server.TerminateConnectionsAsync(name);
            await process.AppendAsync(log, StorageContract.Entries(index, 1));
        }

        Assert.Equal(new LogIndex(10), (await process.OpenAsync(Bucket)).State.LastIndex);
        Assert.Null(process.Storage.Failure);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Space_IsLowAndHeals_WhenTheServerHasNoRoomForAWhile()
    {
        var database = await fixture.Server.CreateStoreAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        await using var process = await PostgresProcess.StartAsync(database);
        var log = (await process.OpenAsync(Bucket)).Log;
        await fixture.Server.ExecuteAsync(name, """
            CREATE FUNCTION orleansstore.full_disk() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT ON orleansstore.log_entry FOR EACH ROW EXECUTE FUNCTION orleansstore.full_disk()
            """);
        Assert.Equal(AppendStatus.Queued, log.TryAppend(StorageContract.Entries(1, 1), 1));
        await UntilAsync(() => process.Storage.Space == DiskSpaceState.Low);
        Assert.Contains("no room left", process.Storage.Impediment, StringComparison.Ordinal);
        Assert.Empty(process.Completions.All);

        await fixture.Server.ExecuteAsync(name, "DROP TRIGGER full_disk ON orleansstore.log_entry");

        Assert.Null((await process.Completions.WaitAsync(log.Writer, 1)).Failure);
        Assert.Equal(DiskSpaceState.Ample, process.Storage.Space);
        Assert.Null(process.Storage.Impediment);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Storage_FailsForGood_WhenTheServerRefusesWhatNoRepetitionHeals()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var process = await PostgresProcess.StartAsync(database);
        var opened = await process.OpenAsync(Bucket);
        await fixture.Server.ExecuteAsync(new NpgsqlConnectionStringBuilder(database).Database!, "REVOKE INSERT ON orleansstore.log_entry FROM orleansstore_runtime");

        opened.Log.TryAppend(StorageContract.Entries(1, 1), 1);

        Assert.Equal(ErrorCode.StorageFailed, (await process.Completions.WaitAsync(opened.Log.Writer, 1)).Failure?.Code);
        Assert.Equal(AppendStatus.Failed, opened.Log.TryAppend(StorageContract.Entries(1, 1), 2));
        Assert.False(opened.Claim.IsHeldAt(new MonotonicTime(TimeProvider.System.GetElapsedTime(0).Ticks)));
        Assert.NotNull(process.Completions.Failure);
    }

    [PostgresFact, Trait("Category", "Integration")]
    public async Task Opening_NamesTableAndEntry_WhenABitOfAnEntryHasChanged()
    {
        var database = await fixture.Server.CreateStoreAsync();
        await using var process = await PostgresProcess.StartAsync(database);
        await process.AppendAsync((await process.OpenAsync(Bucket)).Log, StorageContract.Entries(1, 3));
        await fixture.Server.ExecuteAsync(
            new NpgsqlConnectionStringBuilder(database).Database!, "UPDATE orleansstore.log_entry SET data = set_bit(data, 5, 1 - get_bit(data, 5)) WHERE index = 2");

        var damage = await Assert.ThrowsAsync<CorruptionException>(() => process.OpenAsync(Bucket));

        Assert.Equal(2, damage.Offset);
        Assert.Contains("log_entry", damage.File, StringComparison.Ordinal);
    }

    [PostgresFact, Trait("Category", "Slow")]
    public Task Storage_AgreesWithTheModel_WhenTheServerIsKilledUnderLoad() => RunWithRestartsAsync(seed: 21, server => server.KillAsync());

    [PostgresFact, Trait("Category", "Slow")]
    public Task Storage_AgreesWithTheModel_WhenTheServerStopsImmediatelyUnderLoad() => RunWithRestartsAsync(seed: 22, server => server.StopImmediatelyAsync());

    [PostgresFact, Trait("Category", "Slow")]
    public Task Storage_AgreesWithTheModel_WhenTheServerIsRestartedUnderLoad() => RunWithRestartsAsync(seed: 23, server => server.StopAsync());

    private static async Task RunWithRestartsAsync(ulong seed, Func<PostgresServer, Task> end)
    {
        await using var server = await PostgresServer.StartAsync();
        var database = await server.CreateStoreAsync();
        var options = new DatabaseOptions { Owner = "a test", MaxBatchBytes = 64 << 10, RetryFor = TimeSpan.FromSeconds(60) };
        var workload = new ContractWorkload(seed);
        await using var process = await PostgresProcess.StartAsync(database, options);
        for (var round = 0; round < 4; round++)
        {
            // One storage lives through it all.
            var running = workload.RunAsync(process, steps: 400);
            await Task.Delay(TimeSpan.FromMilliseconds(150 + (100 * round)));
            await end(server);
            await server.StartAgainAsync();
            await running;
            Assert.Null(process.Storage.Failure);
        }

        await workload.RunAsync(process, steps: 0);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
