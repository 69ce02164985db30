using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansStore.Client.Typed;

/// <summary>A view of a store whose values are of one type.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal sealed class TypedStore<T>(IStore store, IValueSerializer<T> serializer) : IStore<T>
{
    public IStore Store => store;

    public async ValueTask<StoreItem<T>?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        Read(await store.GetAsync(key, options, cancellationToken));

    public ValueTask<WriteOutcome> PutAsync(
        StoreKey key, T value, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        store.PutAsync(key, Write(value), condition, serializer.ContentType, options, cancellationToken);

    public ValueTask<WriteOutcome> DeleteAsync(
        StoreKey key, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(key, condition, options, cancellationToken);

    public IAsyncEnumerable<StoreItem<T>> ScanAsync(ScanOptions? options = null, CancellationToken cancellationToken = default) =>
        options is { IncludeValues: false }
            ? throw new ArgumentException("Typed records need their values; scan the store underneath for records without.", nameof(options))
            : ReadAllAsync(options, cancellationToken);

    public ValueTask<UpdateOutcome<T>> UpdateAsync(
        StoreKey key, Func<StoreItem<T>?, Change<T>> change, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return new UpdateLoop<T>(this, key, options).RunAsync(change, cancellationToken);
    }

    private async IAsyncEnumerable<StoreItem<T>> ReadAllAsync(ScanOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in store.ScanAsync(options, cancellationToken))
        {
            yield return Read(item)!;
        }
    }

    private StoreItem<T>? Read(StoreItem? item) =>
        item is null ? null : new StoreItem<T>(item.Key, item.Revision, serializer.Deserialize(item.Value.Span));

    private ReadOnlyMemory<byte> Write(T value)
    {
        // Not pooled: the bytes must stay as they are until the write has ended, and a cancelled one may be under way for longer.
        var buffer = new ArrayBufferWriter<byte>();
        serializer.Serialize(value, buffer);
        return buffer.WrittenMemory;
    }
}
