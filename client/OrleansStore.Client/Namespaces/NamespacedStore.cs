using System.Runtime.CompilerServices;

namespace OrleansStore.Client.Namespaces;

/// <summary>A view of the keys of one namespace. Puts the prefix in front of what goes out, and takes it off what comes back.</summary>
internal sealed class NamespacedStore(IStore store, StoreNamespace space) : IStore
{
    public async ValueTask<StoreItem?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        var item = await store.GetAsync(space.Qualify(key), options, cancellationToken);
        return item is null ? null : item with { Key = key };
    }

    public ValueTask<WriteOutcome> CommitAsync(Transaction transaction, WriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var qualified = new Transaction(
            [.. transaction.Guards.Select(Qualify)], [.. transaction.Operations.Select(Qualify)], StoreLimits.MaxValueBytes);
        return store.CommitAsync(qualified, options, cancellationToken);
    }

    public async IAsyncEnumerable<StoreItem> ScanAsync(ScanOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new ScanOptions();
        var qualified = options with
        {
            Prefix = Bound(options.Prefix, StoreLimits.MaxKeyBytes),
            Start = options.Start.IsEmpty ? default : Bound(options.Start, StoreLimits.MaxKeyBytes + 1),
            End = options.End.IsEmpty ? default : Bound(options.End, StoreLimits.MaxKeyBytes + 1),
        };
        await foreach (var item in store.ScanAsync(qualified, cancellationToken))
        {
            // The prefix alone is a key outside of the namespace, whose keys have at least one byte of their own.
            if (item.Key.Bytes.Length > space.Prefix.Length)
            {
                yield return item with { Key = space.Strip(item.Key) };
            }
        }
    }

    public ValueTask<OutcomeResult> GetOutcomeAsync(
        StoreKey key, RequestId requestId, OutcomeOptions? options = null, CancellationToken cancellationToken = default) =>
        store.GetOutcomeAsync(space.Qualify(key), requestId, options, cancellationToken);

    private Guard Qualify(Guard guard)
    {
        var key = space.Qualify(guard.Key);
        return guard.Kind switch
        {
            GuardKind.Exists => Guard.Exists(key),
            GuardKind.NotExists => Guard.NotExists(key),
            GuardKind.RevisionIn => Guard.RevisionIn(key, guard.Revisions.AsSpan()),
            GuardKind.RevisionNotIn => Guard.RevisionNotIn(key, guard.Revisions.AsSpan()),
            GuardKind.ValueEquals => Guard.ValueEquals(key, guard.Value),
            _ => throw new ArgumentException($"{guard.Kind} is no kind of guard that this release knows.", nameof(guard)),
        };
    }

    private Operation Qualify(Operation operation)
    {
        var key = space.Qualify(operation.Key);
        return operation.Kind switch
        {
            OperationKind.Put => Operation.Put(key, operation.Value, operation.ContentType, operation.Expiry, operation.Owner, operation.Flags),
            OperationKind.Delete => Operation.Delete(key),
            _ => throw new ArgumentException($"{operation.Kind} is no kind of operation that this release knows.", nameof(operation)),
        };
    }

    private byte[] Bound(ReadOnlyMemory<byte> bytes, int maxBytes)
    {
        var room = maxBytes - space.Prefix.Length;
        return bytes.Length <= room
            ? space.Join(bytes.Span)
            : throw new ArgumentException($"A bound of this namespace has at most {room} bytes.", nameof(bytes));
    }
}
