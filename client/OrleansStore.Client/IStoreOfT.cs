namespace OrleansStore.Client;

/// <summary>A view of a store whose values are of one type. Safe for concurrent use if its serializer is.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IStore<T>
{
    /// <summary>The store underneath, for what needs bytes.</summary>
    IStore Store { get; }

    /// <summary>Reads one record.</summary>
    /// <inheritdoc cref="IStore.GetAsync"/>
    /// <exception cref="FormatException">The value is not of this type; or whatever else the serializer throws.</exception>
    ValueTask<StoreItem<T>?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces one record.</summary>
    /// <inheritdoc cref="IStore.PutAsync"/>
    ValueTask<WriteOutcome> PutAsync(
        StoreKey key, T value, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Removes one record.</summary>
    /// <inheritdoc cref="IStore.DeleteAsync"/>
    ValueTask<WriteOutcome> DeleteAsync(
        StoreKey key, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads records with their values in the order of their keys.</summary>
    /// <inheritdoc cref="IStore.ScanAsync"/>
    /// <exception cref="ArgumentException">The options ask for records without values.</exception>
    /// <exception cref="FormatException">While enumerating: a value is not of this type; or whatever else the serializer throws.</exception>
    IAsyncEnumerable<StoreItem<T>> ScanAsync(ScanOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Changes one record depending on what it is: reads it, asks <paramref name="change"/>, and writes on the condition that nobody was faster; else begins again.</summary>
    /// <param name="key">The key.</param>
    /// <param name="change">Given what was read (null where there is no record), says what to make of it. Called once per round, so it should do nothing else.</param>
    /// <param name="options">The deadline of the update, and once more that of settling a write whose fate is not known; null for the default of each call in it.</param>
    /// <param name="cancellationToken">Ends the waiting, not a write under way.</param>
    /// <returns>What became of it. A write whose fate was not known is settled before another round begins, so the change takes effect at most once.</returns>
    /// <exception cref="StoreException">As for <see cref="IStore.CommitAsync"/>; nothing changed. <see cref="ErrorCode.Throttled"/>, transient, where others were faster in each of
    /// <see cref="UpdateOutcome{T}.MaxRounds"/> rounds.</exception>
    ValueTask<UpdateOutcome<T>> UpdateAsync(
        StoreKey key, Func<StoreItem<T>?, Change<T>> change, CallOptions? options = null, CancellationToken cancellationToken = default);
}
