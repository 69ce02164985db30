// Writes and reads a record, and looks at every fate that a write can have.
// Arguments: the addresses of the datacenters, the nearest first. Default: those of `dotnet run --project silo`.
using OrleansStore;
using OrleansStore.Client;

string[] local = ["http://127.0.0.1:5101", "http://127.0.0.1:5102", "http://127.0.0.1:5103"];
using var store = new HttpStore(StoreClientOptions.For(args.Length > 0 ? args : local));

// An id of one's own lets one ask for the write later, also from another process.
var mine = new WriteOptions { IdempotencyKey = Guid.NewGuid().ToString() };
var written = await store.PutTextAsync("greeting", "hello", options: mine);
Console.WriteLine(written.Match(
    applied => applied.DurableCopies > 0 ? "written" : "written, copies not told",
    preconditionFailed => "not written: a condition did not hold",
    unknown => $"nobody knows yet; ask for the outcome of {unknown.RequestId}"));
Console.WriteLine($"read: {await store.GetTextAsync("greeting")}");

// Only if nobody changed it since it was read.
var item = await store.GetAsync(StoreKey.FromText("greeting"));
await store.PutTextAsync("greeting", "changed meanwhile");
var late = await store.PutTextAsync("greeting", "too late", WriteCondition.Unchanged(item));
Console.WriteLine(late is WriteOutcome.PreconditionFailed ? "somebody was faster" : "nobody was faster");

// Did my write happen? The answer is final.
var outcome = await store.GetOutcomeAsync(StoreKey.FromText("greeting"), written.RequestId);
Console.WriteLine($"outcome: {outcome.Status}");
