using System.Collections.Immutable;
using System.Text;

namespace OrleansStore.Client;

/// <summary>Puts together a <see cref="Transaction"/>. Not safe for concurrent use; can be used again after it built or committed one, and then holds what it held.</summary>
/// <remarks>All keys must share a bucket; the surest way is a common <see cref="PartitionKey"/>. Values are not copied.</remarks>
public sealed class TransactionBuilder
{
    private readonly IStore? _store;
    private readonly ImmutableArray<Guard>.Builder _guards = ImmutableArray.CreateBuilder<Guard>();
    private readonly ImmutableArray<Operation>.Builder _operations = ImmutableArray.CreateBuilder<Operation>();

    /// <summary>Creates a builder of transactions that somebody else commits.</summary>
    public TransactionBuilder()
    {
    }

    internal TransactionBuilder(IStore store) => _store = store;

    /// <summary>Adds a guard. They are tried in their order, and see the state before the operations.</summary>
    public TransactionBuilder When(Guard guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        _guards.Add(guard);
        return this;
    }

    /// <summary>Demands that a key still is as it was read: with the same revision, or still absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="item">What was read; null where there was no record.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is no key.</exception>
    public TransactionBuilder WhenUnchanged(StoreKey key, StoreItem? item) =>
        When(item is null ? Guard.NotExists(key) : Guard.RevisionIn(key, item.Revision));

    /// <summary>Adds an operation.</summary>
    public TransactionBuilder Then(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operations.Add(operation);
        return this;
    }

    /// <summary>Adds a put.</summary>
    /// <param name="key">The key; no other operation may have it.</param>
    /// <param name="value">The value.</param>
    /// <param name="contentType">Printable ASCII of at most <see cref="StoreLimits.MaxContentTypeBytes"/> characters; null for none.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    public TransactionBuilder Put(StoreKey key, ReadOnlyMemory<byte> value, string? contentType = null) => Then(Operation.Put(key, value, contentType));

    /// <summary>Adds a put of the UTF-8 bytes of a text.</summary>
    /// <inheritdoc cref="Put(StoreKey, ReadOnlyMemory{byte}, string?)"/>
    public TransactionBuilder Put(StoreKey key, string value, string? contentType = "text/plain; charset=utf-8") =>
        Put(key, Encoding.UTF8.GetBytes(value), contentType);

    /// <summary>Adds a delete. A key without a record is no failure.</summary>
    /// <param name="key">The key; no other operation may have it.</param>
    /// <exception cref="ArgumentException"><paramref name="key"/> is no key.</exception>
    public TransactionBuilder Delete(StoreKey key) => Then(Operation.Delete(key));

    /// <summary>Returns the transaction.</summary>
    /// <exception cref="ArgumentException">There is neither a guard nor an operation, there are too many, or a key stands twice among the operations.</exception>
    public Transaction Build() => new(_guards.ToImmutable(), _operations.ToImmutable(), StoreLimits.MaxValueBytes);

    /// <summary>Commits the transaction to the store that this builder came from.</summary>
    /// <inheritdoc cref="IStore.CommitAsync"/>
    /// <exception cref="InvalidOperationException">The builder came from no store.</exception>
    public ValueTask<WriteOutcome> CommitAsync(WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        (_store ?? throw new InvalidOperationException("This builder came from no store: build the transaction and commit it to one."))
        .CommitAsync(Build(), options, cancellationToken);
}
