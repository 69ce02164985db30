using System.Security.Claims;
using Microsoft.Extensions.Logging;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Replies;
using OrleansStore.Service;

namespace OrleansStore.Http;

/// <summary>What all requests of one facade share.</summary>
/// <param name="Store">The store that is served.</param>
/// <param name="Options">The bounds; validated.</param>
/// <param name="Time">The clock of deadlines and durations.</param>
/// <param name="Log">Where faults of this process go.</param>
internal sealed record FacadeContext(IStoreService Store, HttpFacadeOptions Options, TimeProvider Time, ILogger Log)
{
    /// <summary>The memory for request bodies.</summary>
    public BodyBudget Bodies { get; } = new(Options.MaxBufferedBodyBytes);

    /// <summary>The buffers in which small JSON answers are written.</summary>
    public JsonReplyPool Replies { get; } = new();

    /// <summary>The principal of callers whom nobody authenticated.</summary>
    public ClaimsPrincipal Anonymous { get; } = new(new ClaimsIdentity());
}
