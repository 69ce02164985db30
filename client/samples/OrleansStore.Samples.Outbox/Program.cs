// A transactional outbox: an order and the message about it are written together, because the partition key puts them into one bucket.
// Arguments: the addresses of the datacenters, the nearest first. Default: those of `dotnet run --project silo`.
using OrleansStore;
using OrleansStore.Client;

string[] local = ["http://127.0.0.1:5101", "http://127.0.0.1:5102", "http://127.0.0.1:5103"];
using var store = new HttpStore(StoreClientOptions.For(args.Length > 0 ? args : local));
var shop = store.Namespace("samples");
var customer = PartitionKey.FromText("customer-7");
var (order, message) = (customer.Key("order/1"), customer.Key("outbox/1"));

// Both or neither, and only if there is no such order yet.
var placed = await shop.Transact()
    .When(Guard.NotExists(order))
    .Put(order, "three apples")
    .Put(message, "order 1 was placed")
    .CommitAsync();
Console.WriteLine(placed is WriteOutcome.PreconditionFailed ? "the order was there already" : $"order and message at revision {placed.ThrowIfNotApplied().Revision}");

// The relay sends what is in the outbox, then removes it if it is still what was sent. A crash in between sends it again.
await foreach (var item in shop.ScanAsync(new ScanOptions { Prefix = customer.Key("outbox/").Bytes }))
{
    Console.WriteLine($"sending: {item.GetText()}");
    (await shop.DeleteAsync(item.Key, WriteCondition.Unchanged(item))).ThrowIfNotApplied();
}

(await shop.DeleteAsync(order)).ThrowIfNotApplied();
