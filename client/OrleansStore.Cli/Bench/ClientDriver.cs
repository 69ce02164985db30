using OrleansStore.Cli.Sessions;
using OrleansStore.Client;

namespace OrleansStore.Cli.Bench;

/// <summary>Sends requests through the client library: each caller uses the store of one endpoint first, and the others where that one fails.</summary>
internal sealed class ClientDriver : IBenchDriver
{
    private readonly BenchPlan _plan;
    private readonly TimeProvider _time;
    private readonly List<HttpStore> _stores;

    public ClientDriver(BenchPlan plan, IReadOnlyList<Uri> allEndpoints, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _stores = [.. plan.Endpoints.Select((endpoint, index) => new HttpStore(
            new StoreClientOptions
            {
                Endpoints = [endpoint, .. allEndpoints.Where(other => other != endpoint)],
                Timeout = plan.Timeout,
                MaxConnectionsPerEndpoint = Math.Max((plan.Connections + plan.Endpoints.Count - 1 - index) / plan.Endpoints.Count, 1),
            },
            time))];
    }

    public Task RunAsync(IReadOnlyList<ICallerScript> callers)
    {
        var random = new SplitMix64(_plan.Seed);
        return Task.WhenAll(callers.Select((caller, index) =>
        {
            var value = new byte[_plan.ValueBytes];
            for (var i = 0; i < value.Length; i++)
            {
                value[i] = (byte)random.Next(256);
            }

            return RunAsync(caller, _stores[index % _stores.Count], value);
        }));
    }

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    private async Task RunAsync(ICallerScript caller, HttpStore store, byte[] value)
    {
        while (caller.TryBegin(_time.GetTimestamp(), out var request))
        {
            caller.End(await SendAsync(store, request, value), _time.GetTimestamp());
        }
    }

    private async ValueTask<BenchReply> SendAsync(HttpStore store, BenchRequest request, byte[] value)
    {
        var key = BenchKeys.Of(_plan.KeyPrefix, request.Key);
        try
        {
            if (request.Operation == BenchOperation.Get)
            {
                var item = await store.GetAsync(key);
                return item is null ? BenchReply.Failed(BenchReply.NotFound) : BenchReply.Served(item.Revision.Value);
            }

            var condition = request.Operation == BenchOperation.Put ? WriteCondition.None
                : request.Revision == 0 ? WriteCondition.NotExists
                : WriteCondition.RevisionIs(new Revision(request.Revision));
            return await store.PutAsync(key, value, condition) switch
            {
                WriteOutcome.Applied applied => BenchReply.Served(applied.Revision.Value),
                WriteOutcome.PreconditionFailed => BenchReply.Failed(BenchReply.PreconditionFailed),
                _ => BenchReply.Failed(Failures.NameOf(ErrorCode.OutcomeUnknown)),
            };
        }
        catch (StoreException e)
        {
            return BenchReply.Failed(Failures.NameOf(e.Code));
        }
    }
}
