using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OrleansStore.Client.Tests.Support;
using Xunit.Abstractions;

namespace OrleansStore.Client.Tests;

/// <summary>What the client costs: requests a second against a server that does nothing.</summary>
[Collection(AloneCollection.Name), Trait("Category", "Slow")]
public sealed class ThroughputTests(ITestOutputHelper output)
{
    private const int Callers = 64;
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Client_CarriesManyPuts_FromManyCallers()
    {
        await using var server = await StartAsync();
        using var store = new HttpStore(StoreClientOptions.For(server.Urls.First()));
        await RunAsync(store, Warmup);
        List<double> rates = [];
        for (var round = 0; round < 3; round++)
        {
            var (processor, allocated) = (Process.GetCurrentProcess().TotalProcessorTime, GC.GetTotalAllocatedBytes());
            var (puts, elapsed) = await RunAsync(store, Round);
            rates.Add(puts / elapsed.TotalSeconds);
            output.WriteLine(
                $"{rates[^1]:F0} puts/s; client and server together: {(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalMicroseconds / puts:F1} us of processor and " +
                $"{(GC.GetTotalAllocatedBytes() - allocated) / (double)puts:F0} bytes allocated per put");
        }

        // Far below what any machine reaches, unless requests wait for each other.
        Assert.True(rates.Max() > 2000, $"{rates.Max():F0} puts/s");
    }

    private static async Task<WebApplication> StartAsync()
    {
        var answer = ScriptedReply.PutBody(1234567);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        application.Run(async exchange =>
        {
            while (await exchange.Request.BodyReader.ReadAsync() is var part)
            {
                exchange.Request.BodyReader.AdvanceTo(part.Buffer.End);
                if (part.IsCompleted)
                {
                    break;
                }
            }

            exchange.Response.ContentLength = answer.Length;
            await exchange.Response.BodyWriter.WriteAsync(answer);
        });
        await application.StartAsync();
        return application;
    }

    private static async Task<(long Puts, TimeSpan Elapsed)> RunAsync(HttpStore store, TimeSpan length)
    {
        var value = new byte[256];
        var watch = Stopwatch.StartNew();
        var puts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var count = 0L;
            for (; watch.Elapsed < length; count++)
            {
                (await store.PutAsync(StoreKey.FromText($"key-{caller}-{count}"), value)).ThrowIfNotApplied();
            }

            return count;
        }));
        return (puts.Sum(), watch.Elapsed);
    }
}
