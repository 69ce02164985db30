using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;

namespace OrleansStore.Http.Observation;

/// <summary>GET and HEAD of the health of this process. Wakes no bucket. Parameters are ignored: probes like to add some.</summary>
/// <param name="stopping">Set when the process begins to stop.</param>
internal sealed class HealthHandler(CancellationToken stopping)
{
    private static readonly byte[] LiveAnswer = """{"status":"live"}"""u8.ToArray();
    private static readonly byte[] ReadyAnswer = """{"status":"ready"}"""u8.ToArray();

    /// <summary>The process answers requests: that is all this says.</summary>
    public static Task LiveAsync(Exchange exchange) => Reply.BytesAsync(exchange, StatusCodes.Status200OK, Texts.Json, LiveAnswer);

    /// <summary>The store can serve, and goes on to.</summary>
    public Task ReadyAsync(Exchange exchange)
    {
        var reason = stopping.IsCancellationRequested ? "The process is stopping." : exchange.Facade.Store.NotReadyReason;
        return reason is null
            ? Reply.BytesAsync(exchange, StatusCodes.Status200OK, Texts.Json, ReadyAnswer)
            : Reply.ProblemAsync(exchange, new Problem(ProblemTypes.Unavailable, reason));
    }
}
