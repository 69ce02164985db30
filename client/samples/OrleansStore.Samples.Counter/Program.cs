// Several callers add to one counter: compare-and-set in a loop, each addition exactly once.
// Arguments: the addresses of the datacenters, the nearest first. Default: those of `dotnet run --project silo`.
using System.Text.Json.Serialization;
using OrleansStore;
using OrleansStore.Client;
using OrleansStore.Samples.Counter;

string[] local = ["http://127.0.0.1:5101", "http://127.0.0.1:5102", "http://127.0.0.1:5103"];
using var store = new HttpStore(StoreClientOptions.For(args.Length > 0 ? args : local));
var visits = store.Namespace("samples").As(VisitsJson.Default.Visits);
var key = StoreKey.FromText("visits");

await visits.DeleteAsync(key);
await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
{
    for (var i = 0; i < 5; i++)
    {
        // The function may be called again, when somebody else was faster; its result is written once.
        var outcome = await visits.UpdateAsync(key, item => new Visits((item?.Value.Count ?? 0) + 1));
        outcome.ThrowIfUnknown();
    }
}));
Console.WriteLine($"visits: {(await visits.GetAsync(key))?.Value.Count}");

namespace OrleansStore.Samples.Counter
{
    internal sealed record Visits(int Count);

    [JsonSerializable(typeof(Visits))]
    internal sealed partial class VisitsJson : JsonSerializerContext;
}
