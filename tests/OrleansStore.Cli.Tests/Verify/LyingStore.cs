using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using OrleansStore.Http;
using OrleansStore.Http.Tests.Support;
using OrleansStore.Service;
using OrleansStore.Service.Status;

namespace OrleansStore.Cli.Tests.Verify;

/// <summary>A store in memory behind the real HTTP facade that is right but for one lie out of many answers.</summary>
/// <param name="lie">What it does wrong.</param>
/// <param name="oneOutOf">It takes the last of so many chances.</param>
/// <param name="most">How often it lies at most.</param>
internal sealed class LyingStore(Lie lie, int oneOutOf, int most = int.MaxValue) : IStoreService
{
    private readonly MemoryStore _store = new();
    private readonly ConcurrentDictionary<StoreKey, StoreReply<ReadResult>> _earlier = new();
    private int _chances;
    private int _second;
    private int _told;

    public string Datacenter => _store.Datacenter;

    public string? NotReadyReason => null;

    /// <summary>How often it lied.</summary>
    public int Told => Volatile.Read(ref _told);

    /// <summary>Serves it on a port of its own until the application is disposed.</summary>
    public static async Task<WebApplication> ServeAsync(LyingStore store)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.ConfigureOrleansStore();
            server.Listen(IPAddress.Loopback, 0);
        });
        var web = builder.Build();
        web.MapOrleansStore(store, new HttpFacadeOptions(), TimeProvider.System);
        await web.StartAsync();
        return web;
    }

    public async ValueTask<StoreReply<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, RequestContext context, CancellationToken cancellationToken)
    {
        if (lie == Lie.LostWrite && transaction is { Guards.IsEmpty: true, Operations: [{ Kind: OperationKind.Put } put] } && IsTime())
        {
            // It is decided as it would be, and not done.
            var before = await _store.ReadAsync(put.Key, ReadConsistency.Linearizable, context, cancellationToken);
            var outcome = before.Result.Record is null ? OperationOutcome.Created : OperationOutcome.Replaced;
            var revision = new Revision(before.Result.Revision.Value + 1);
            return new(before.Bucket, callersId.Id, new WriteResult(WriteStatus.Applied, revision) { Operations = [outcome], DurableCopies = 2 });
        }

        var id = lie == Lie.SecondEffect ? new RequestIdentity(RequestId.ForKey(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _second)}"))) : callersId;
        return await _store.WriteAsync(transaction, id, context, cancellationToken);
    }

    public async ValueTask<StoreReply<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, RequestContext context, CancellationToken cancellationToken)
    {
        var reply = await _store.ReadAsync(key, consistency, context, cancellationToken);
        if (lie == Lie.StaleRead)
        {
            var earlier = _earlier.GetOrAdd(key, reply);
            return earlier.Result.Record?.ModifyRevision != reply.Result.Record?.ModifyRevision && IsTime() ? earlier : reply;
        }

        if (lie == Lie.FlippedByte && reply.Result.Record is { } record && IsTime())
        {
            var value = record.Value.ToArray();
            value[^1] ^= 1;
            return reply with { Result = reply.Result with { Record = record with { Value = value } } };
        }

        return reply;
    }

    public ValueTask<ScanReply> ScanAsync(ScanRequest request, RequestContext context, CancellationToken cancellationToken) => _store.ScanAsync(request, context, cancellationToken);

    public ValueTask<StoreReply<OutcomeResult>> GetOutcomeAsync(
        StoreKey key, RequestId requestId, WallTime? firstSent, RequestContext context, CancellationToken cancellationToken) =>
        _store.GetOutcomeAsync(key, requestId, firstSent, context, cancellationToken);

    public StoreStatus GetStatus() => _store.GetStatus();

    private bool IsTime()
    {
        return Interlocked.Increment(ref _chances) % oneOutOf == 0 && Interlocked.Increment(ref _told) <= most;
    }
}
