using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Client.Diagnostics;
using OrleansStore.Client.Http;
using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Identity;
using OrleansStore.Client.Http.Requests;
using OrleansStore.Client.Namespaces;

namespace OrleansStore.Client;

/// <summary>The store over its HTTP interface. Make one per store and keep it: it owns the connections.</summary>
/// <remarks>
/// Limits of the interface: keys are those of the default namespace id; a put has no expiry, owner or flags; a guard of a transaction names one revision. What it cannot carry is refused with
/// <see cref="ArgumentException"/>. Writes are told apart by sessions of this object, so make one and keep it. What the caller names itself (<see cref="WriteOptions.IdempotencyKey"/>) each bucket remembers for a time and up to a number
/// (100,000 in 10 minutes by default); beyond it, such writes are throttled.
/// </remarks>
public sealed class HttpStore : IStore, IDisposable
{
    private readonly StoreClientOptions _options;
    private readonly CallEnvironment _environment;
    private readonly WriteTickets _tickets;

    /// <summary>Creates the store; connections are made when they are needed.</summary>
    /// <param name="options">Where the store is and how it is called. Not to be changed afterwards.</param>
    /// <param name="time">The clock; null for that of the system.</param>
    /// <param name="logger">Is told when an endpoint fails and serves again; null for nobody.</param>
    /// <exception cref="ArgumentException">The options have mistakes; the message names all of them.</exception>
    public HttpStore(StoreClientOptions options, TimeProvider? time = null, ILogger<HttpStore>? logger = null)
        : this(options, CreateHandler(Check(options)), new SplitMix64(RandomBits()), time ?? TimeProvider.System, logger ?? NullLogger<HttpStore>.Instance)
    {
    }

    /// <summary>Creates the store over a transport of the caller's, which this object disposes of.</summary>
    internal HttpStore(StoreClientOptions options, HttpMessageHandler handler, IRandomSource randomSource, TimeProvider time, ILogger<HttpStore> logger)
    {
        _options = Check(options);
        var random = new LockedRandom(randomSource);
        var endpoints = new EndpointSet(options, time, random, logger);
        _environment = new CallEnvironment(options, new HttpMessageInvoker(handler), endpoints, new TimerPool(time), random, new ClientTelemetry(), time);
        _tickets = new WriteTickets(time, random);
    }

    /// <inheritdoc/>
    public ValueTask<StoreItem?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        CarriedOverHttp.Check(key);
        return RunAsync(new GetCall(key, options?.Consistency ?? ReadConsistency.Linearizable, _options.MaxAnswerBytes), options, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<WriteOutcome> CommitAsync(Transaction transaction, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CarriedOverHttp.Check(transaction);
        return _tickets.CommitAsync(options?.IdempotencyKey, options?.Timeout ?? _options.Timeout, (ticket, timeout) =>
        {
            StoreCall<WriteOutcome> call = PutCall.TryCreate(transaction, ticket, _options.MaxAnswerBytes) ??
                (StoreCall<WriteOutcome>)new TransactionCall(transaction, ticket, _options.MaxAnswerBytes);
            return new CallRun<WriteOutcome>(_environment, call, timeout, cancellationToken).RunAsync();
        });
    }

    /// <inheritdoc/>
    public ValueTask<WriteOutcome> PutAsync(
        StoreKey key,
        ReadOnlyMemory<byte> value,
        WriteCondition condition = default,
        string? contentType = null,
        WriteOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CommitAsync(condition.Guarding(Operation.Put(key, value, contentType)), options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<WriteOutcome> DeleteAsync(
        StoreKey key, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        CommitAsync(condition.Guarding(Operation.Delete(key)), options, cancellationToken);

    /// <inheritdoc/>
    public IStore Namespace(string name) => new NamespacedStore(this, new StoreNamespace(name));

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreItem> ScanAsync(ScanOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new ScanOptions();
        string? cursor = null;
        do
        {
            var page = await RunAsync(new ScanCall(options, cursor, _options.MaxAnswerBytes), options, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <inheritdoc/>
    public ValueTask<OutcomeResult> GetOutcomeAsync(
        StoreKey key, RequestId requestId, OutcomeOptions? options = null, CancellationToken cancellationToken = default)
    {
        CarriedOverHttp.Check(key);
        return requestId.Form is RequestIdForm.None
            ? throw new ArgumentException("A request without identity has no outcome to ask for.", nameof(requestId))
            : RunAsync(new OutcomeCall(key, requestId, options?.FirstSentTime, _options.MaxAnswerBytes), options, cancellationToken);
    }

    /// <summary>Closes the connections. Calls under way fail as if their connections broke.</summary>
    public void Dispose()
    {
        _environment.Invoker.Dispose();
        _environment.Telemetry.Dispose();
    }

    private ValueTask<TResult> RunAsync<TResult>(StoreCall<TResult> call, CallOptions? options, CancellationToken cancellationToken) =>
        new CallRun<TResult>(_environment, call, options?.Timeout ?? _options.Timeout, cancellationToken).RunAsync();

    private static StoreClientOptions Check(StoreClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.FindErrors() is { Count: > 0 } errors ? throw new ArgumentException(string.Join(' ', errors), nameof(options)) : options;
    }

    private static SocketsHttpHandler CreateHandler(StoreClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnectionsPerEndpoint,
            PooledConnectionLifetime = options.ConnectionLifetime,

            // The trace context is that of the call, not of each copy, and is set with the other headers.
            ActivityHeadersPropagator = null,
        };
        options.ConfigureHandler?.Invoke(handler);
        return handler;
    }

    private static ulong RandomBits() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
