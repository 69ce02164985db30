using System.Diagnostics;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Tests.Contract;
using Xunit.Abstractions;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>One commit for all buckets of a silo, and what that comes to.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresGroupCommitTests(PostgresFixture fixture, ITestOutputHelper output)
{
    private const int Buckets = 64;

    [PostgresFact, Trait("Category", "Integration")]
    public Task Flush_HoldsTheAppendsOfAllBuckets_WhenTheyArriveMeanwhile() => RunAsync(rounds: 20);

    [PostgresFact, Trait("Category", "Slow")]
    public Task Flush_HoldsTheAppendsOfAllBuckets_ForManySeconds() => RunAsync(rounds: 3000);

    private async Task RunAsync(ulong rounds)
    {
        await using var process = await PostgresProcess.StartAsync(await fixture.Server.CreateStoreAsync(), new DatabaseOptions { Owner = "a test" });
        List<IReplicaLog> logs = [];
        for (uint number = 0; number < Buckets; number++)
        {
            logs.Add((await process.OpenAsync(new BucketId(number))).Log);
        }

        // Each bucket has one append under way, as a replica under load has at least.
        var last = new ulong[Buckets];
        process.Completions.Completed = completion =>
        {
            var log = logs[(int)completion.Bucket.Number];
            if (completion.Failure is null && completion.Token < rounds)
            {
                Append(log, completion.Token + 1);
            }

            last[completion.Bucket.Number] = completion.Token;
        };
        var watch = Stopwatch.StartNew();
        logs.ForEach(log => Append(log, 1));
        await process.Completions.WaitAsync((int)(Buckets * rounds));

        var statistics = process.Storage.Statistics;
        output.WriteLine($"{statistics.Appends / watch.Elapsed.TotalSeconds:0} entries/s of 256 bytes, {statistics.Batches / watch.Elapsed.TotalSeconds:0} commits/s, {(double)statistics.Appends / statistics.Batches:0.0} entries a commit");
        Assert.All(last, token => Assert.Equal(rounds, token));
        Assert.Equal((long)(Buckets * rounds), statistics.Appends);
        Assert.True(statistics.Appends >= 8 * statistics.Batches, $"{statistics.Appends} appends took {statistics.Batches} commits");

        static void Append(IReplicaLog log, ulong index) => Assert.Equal(AppendStatus.Queued, log.TryAppend(StorageContract.Entries(index, 1, bytes: 256), index));
    }
}
