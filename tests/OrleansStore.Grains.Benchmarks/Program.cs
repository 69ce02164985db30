// Measures linearizable gets of an application's grains from the store in their own silo, which leads all buckets; two more datacenters are silos of this process.
// Arguments: seconds, grains that read at a time, keys, first port. Default: 5, 64, 10000, 21111. Prints the gets per second of three rounds.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore;
using OrleansStore.Client;
using OrleansStore.Client.Orleans;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Benchmarks;
using OrleansStore.Grains.Hosting;

const int Rounds = 3;
const int ReadsPerCall = 1_000;
const int WritesAtATime = 64;

int Argument(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
var (seconds, readers, keys, firstPort) = (Argument(0, 5), Argument(1, 64), Argument(2, 10_000), Argument(3, 21_111));
var allKeys = Enumerable.Range(0, keys).Select(number => StoreKey.FromText($"key-{number:D8}")).ToArray();
var folder = Directory.CreateTempSubdirectory("orleansstore-");
try
{
    await using var second = await OrleansDatacenter.StartAsync(OptionsOf(2), NullLoggerFactory.Instance);
    await using var third = await OrleansDatacenter.StartAsync(OptionsOf(3), NullLoggerFactory.Instance);
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.Error);
    builder.Services.AddSingleton(allKeys);
    builder.UseOrleans(silo => silo
        .UseLocalhostClustering(SiloPortOf(1), GatewayPortOf(1), clusterId: NameOf(1), serviceId: new OrleansStoreOptions().ServiceId)
        .AddOrleansStore(store => Configure(store, 1)));
    builder.Services.AddOrleansStoreClient(client => client.Timeout = TimeSpan.FromSeconds(30));
    using var host = builder.Build();
    await host.StartAsync();

    var value = new byte[256];
    var writing = new ParallelOptions { MaxDegreeOfParallelism = WritesAtATime };
    var store = host.Services.GetRequiredService<IStore>();
    await Parallel.ForEachAsync(allKeys, writing, async (key, ended) => (await store.PutAsync(key, value, cancellationToken: ended)).ThrowIfNotApplied());

    var grains = Enumerable.Range(0, readers).Select(number => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IReaderGrain>(number)).ToArray();
    for (var round = 0; round <= Rounds; round++)
    {
        var (reads, watch) = (0L, Stopwatch.StartNew());
        await Task.WhenAll(grains.Select(async grain =>
        {
            while (watch.Elapsed.TotalSeconds < seconds)
            {
                await grain.ReadAsync(ReadsPerCall, keys);
                Interlocked.Add(ref reads, ReadsPerCall);
            }
        }));
        Console.WriteLine($"{(round == 0 ? "warm-up" : $"round {round}")}: {reads / watch.Elapsed.TotalSeconds:F0} gets/s");
    }

    await host.StopAsync();
}
finally
{
    folder.Delete(recursive: true);
}

string NameOf(int number) => $"dc{number}";

int SiloPortOf(int number) => firstPort + number;

int GatewayPortOf(int number) => firstPort + 10 + number;

void Configure(OrleansStoreOptions store, int number)
{
    (store.Datacenter, store.DataDirectory, store.Primary) = (NameOf(number), folder.FullName, NameOf(1));
    foreach (var other in Enumerable.Range(1, 3).Where(other => other != number))
    {
        store.Remotes[NameOf(other)] = [new PeerEndpoint(IPAddress.Loopback.ToString(), GatewayPortOf(other))];
    }
}

OrleansDatacenterOptions OptionsOf(int number)
{
    var store = new OrleansStoreOptions();
    Configure(store, number);
    return new OrleansDatacenterOptions { Store = store, SiloPort = SiloPortOf(number), GatewayPort = GatewayPortOf(number) };
}
