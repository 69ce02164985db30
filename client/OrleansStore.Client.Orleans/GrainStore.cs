using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using OrleansStore.Client.Http;
using OrleansStore.Client.Http.Identity;
using OrleansStore.Client.Orleans.Calls;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans;

/// <summary>The store through router grains: of the cluster that a client is connected to, or of the silo that the caller is in. Make one and keep it.</summary>
/// <remarks>
/// The answers, errors and retries are those of <see cref="HttpStore"/>. What only HTTP cannot carry is carried here: other namespace ids, expiry, owners, flags, guards of several revisions.
/// Within a silo nothing is copied: keys, values and records are the store's own, and nobody may change their bytes.
/// </remarks>
public sealed class GrainStore : IStore
{
    private readonly IStoreRouter _router;
    private readonly CallSettings _settings;
    private readonly WriteTickets _tickets;

    /// <summary>Creates the store over the routers of a cluster.</summary>
    /// <param name="grains">A cluster client, or the grain factory of a silo.</param>
    /// <param name="options">How it is called; null for the defaults. Not to be changed afterwards.</param>
    /// <param name="time">The clock; null for that of the system.</param>
    /// <exception cref="ArgumentException">The options have mistakes; the message names all of them.</exception>
    public GrainStore(IGrainFactory grains, GrainStoreOptions? options = null, TimeProvider? time = null)
        : this(new ClusterRouter(grains, time ?? TimeProvider.System), options ?? new GrainStoreOptions(), time ?? TimeProvider.System)
    {
    }

    /// <summary>Creates the store over one router: that of the caller's own silo.</summary>
    /// <param name="router">The router.</param>
    /// <param name="options">How it is called. Not to be changed afterwards.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The options have mistakes; the message names all of them.</exception>
    public GrainStore(IStoreRouter router, GrainStoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        if (options.FindErrors() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        _router = router;
        _settings = new CallSettings(options, time, new LockedRandom(new SplitMix64(RandomBits())));
        _tickets = new WriteTickets(time, _settings.Random);
    }

    /// <inheritdoc/>
    public ValueTask<StoreItem?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        return Run(new GetCall(_router, key, options?.Consistency ?? ReadConsistency.Linearizable), options, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<WriteOutcome> CommitAsync(Transaction transaction, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return _tickets.CommitAsync(
            options?.IdempotencyKey,
            options?.Timeout ?? _settings.Options.Timeout,
            (ticket, timeout) => new CommitCall(_router, transaction, ticket).RunAsync(_settings, timeout, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreItem> ScanAsync(ScanOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new ScanOptions();
        var start = options.Start;
        while (true)
        {
            var page = await Run(new PageCall(_router, options, start), options, cancellationToken);
            foreach (var record in page.Records)
            {
                yield return StoreItems.Of(record);
            }

            if (page.Next is not { } next)
            {
                yield break;
            }

            start = next;
        }
    }

    /// <inheritdoc/>
    public ValueTask<OutcomeResult> GetOutcomeAsync(
        StoreKey key, RequestId requestId, OutcomeOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckKey(key);
        return requestId.Form is RequestIdForm.None
            ? throw new ArgumentException("A request without identity has no outcome to ask for.", nameof(requestId))
            : Run(new OutcomeCall(_router, key, requestId, options?.FirstSentTime), options, cancellationToken);
    }

    private static void CheckKey(StoreKey key)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("This is no key.", nameof(key));
        }
    }

    private static ulong RandomBits() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private ValueTask<TResult> Run<TAnswer, TResult>(GrainCall<TAnswer, TResult> call, CallOptions? options, CancellationToken cancellationToken)
        where TAnswer : class => call.RunAsync(_settings, options?.Timeout ?? _settings.Options.Timeout, cancellationToken);
}
