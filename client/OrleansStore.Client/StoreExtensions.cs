using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansStore.Client.Typed;

namespace OrleansStore.Client;

/// <summary>Conveniences on any <see cref="IStore"/>.</summary>
public static class StoreExtensions
{
    private const string TextContentType = "text/plain; charset=utf-8";

    /// <summary>Begins a mini-transaction on this store.</summary>
    public static TransactionBuilder Transact(this IStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new TransactionBuilder(store);
    }

    /// <summary>Puts a text under the key of a text, both as UTF-8.</summary>
    /// <inheritdoc cref="IStore.PutAsync"/>
    public static ValueTask<WriteOutcome> PutTextAsync(
        this IStore store,
        string key,
        string value,
        WriteCondition condition = default,
        WriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.PutAsync(StoreKey.FromText(key), Encoding.UTF8.GetBytes(value), condition, TextContentType, options, cancellationToken);
    }

    /// <summary>Reads the value under the key of a text, both as UTF-8.</summary>
    /// <inheritdoc cref="IStore.GetAsync"/>
    /// <returns>The value; null where the key has no record.</returns>
    public static async ValueTask<string?> GetTextAsync(
        this IStore store, string key, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return (await store.GetAsync(StoreKey.FromText(key), options, cancellationToken))?.GetText();
    }

    /// <summary>Returns a view of the store whose values are JSON.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="typeInfo">How they are written and read, from a source-generated context.</param>
    public static IStore<T> As<T>(this IStore store, JsonTypeInfo<T> typeInfo) => store.As(new JsonValueSerializer<T>(typeInfo));

    /// <summary>Returns a view of the store whose values are JSON, by reflection. What is trimmed or compiled ahead of time takes a <see cref="JsonTypeInfo{T}"/> instead.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="options">How they are written and read; no longer to be changed. Null for the defaults.</param>
    [RequiresUnreferencedCode("Types are read by reflection.")]
    [RequiresDynamicCode("Types are read by reflection.")]
    public static IStore<T> AsJson<T>(this IStore store, JsonSerializerOptions? options = null)
    {
        options ??= JsonSerializerOptions.Default;
        options.MakeReadOnly(populateMissingResolver: true);
        return store.As((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
    }

    /// <summary>Returns a view of the store whose values are of one type.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="serializer">How they are written and read.</param>
    public static IStore<T> As<T>(this IStore store, IValueSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(serializer);
        return new TypedStore<T>(store, serializer);
    }
}
