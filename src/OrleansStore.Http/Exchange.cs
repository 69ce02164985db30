using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.Targets;
using OrleansStore.Service;

namespace OrleansStore.Http;

/// <summary>One request and its answer on their way through the facade.</summary>
/// <param name="http">The server's view of the request. Valid until the answer is finished.</param>
/// <param name="target">The request target as it was sent.</param>
/// <param name="route">What is asked for.</param>
/// <param name="facade">The facade that answers.</param>
internal sealed class Exchange(HttpContext http, RequestTarget target, Route route, FacadeContext facade)
{
    private readonly long _started = facade.Time.GetTimestamp();
    private string? _requestId;

    public HttpContext Http { get; } = http;

    public RequestTarget Target { get; } = target;

    public Route Route { get; } = route;

    public FacadeContext Facade { get; } = facade;

    public IHeaderDictionary Headers => Http.Request.Headers;

    public HttpResponse Response => Http.Response;

    public string Method => Http.Request.Method;

    public bool IsHead => HttpMethods.IsHead(Method);

    /// <summary>The bytes that the request holds of <see cref="FacadeContext.Bodies"/>; given back when it is finished.</summary>
    public BodyLease Body { get; } = new(facade.Bodies);

    /// <summary>How long the caller waits, counted from the arrival of the request.</summary>
    public TimeSpan Timeout { get; set; } = facade.Options.DefaultTimeout;

    /// <summary>The caller's own id of a write; the default if there is none.</summary>
    public RequestIdentity Identity { get; set; }

    /// <summary>Whether a write was handed to the store: from then on only the store knows what became of it.</summary>
    public bool IsProposed { get; private set; }

    /// <summary>What the answer names as the id of the request: the store's, the caller's, or one of the server that serves only to find the request in logs.</summary>
    public string RequestId =>
        _requestId ??= Identity.Id.Form != RequestIdForm.None ? Identity.Id.ToString() : Http.TraceIdentifier;

    /// <summary>Whether the caller went away, so that no answer can reach it.</summary>
    public bool IsAbandoned => Http.RequestAborted.IsCancellationRequested;

    public TimeSpan Elapsed => Facade.Time.GetElapsedTime(_started);

    /// <summary>What is left of <see cref="Timeout"/>; not above zero where nothing is.</summary>
    public TimeSpan Remaining => Timeout - Elapsed;

    /// <summary>What goes to the store with the request. Marks a write as handed over.</summary>
    /// <param name="isWrite">Whether the request may change something.</param>
    public RequestContext Enter(bool isWrite)
    {
        IsProposed |= isWrite;
        return new RequestContext(Max(Remaining, TimeSpan.FromMilliseconds(1)), Principal());
    }

    /// <summary>Names bucket and request id in the answer.</summary>
    /// <param name="bucket">The bucket of the request's keys.</param>
    /// <param name="requestId">The store's id of the request.</param>
    public void Identify(BucketId bucket, RequestId requestId)
    {
        if (requestId.Form != RequestIdForm.None)
        {
            _requestId = requestId.ToString();
        }

        Response.Headers[HeaderNames.Bucket] = Texts.OfBucket(bucket);
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    // HttpContext.User makes a principal where nobody authenticated the caller; the feature tells without making one.
    private ClaimsPrincipal Principal() => Http.Features.Get<IHttpAuthenticationFeature>()?.User ?? Facade.Anonymous;
}
