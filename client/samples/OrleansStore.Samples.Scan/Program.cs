// Lists the records of a prefix in the order of their keys, a page at a time.
// Arguments: the addresses of the datacenters, the nearest first. Default: those of `dotnet run --project silo`.
using System.Text;
using OrleansStore.Client;

string[] local = ["http://127.0.0.1:5101", "http://127.0.0.1:5102", "http://127.0.0.1:5103"];
using var store = new HttpStore(StoreClientOptions.For(args.Length > 0 ? args : local));
var places = store.Namespace("samples");

foreach (var city in new[] { "athens", "berlin", "cairo" })
{
    (await places.PutTextAsync($"city/{city}", city.ToUpperInvariant())).ThrowIfNotApplied();
}

// Without values only their lengths travel.
await foreach (var item in places.ScanAsync(ScanOptions.OfPrefix("city/") with { PageSize = 2, IncludeValues = false }))
{
    Console.WriteLine($"{Encoding.UTF8.GetString(item.Key.Bytes.Span)}: {item.ValueBytes} bytes");
}
