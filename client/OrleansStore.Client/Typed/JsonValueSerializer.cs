using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansStore.Client.Typed;

/// <summary>Values as JSON, by type information that was made at compile time.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
internal sealed class JsonValueSerializer<T> : IValueSerializer<T>
{
    private readonly JsonTypeInfo<T> _typeInfo;

    public JsonValueSerializer(JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        _typeInfo = typeInfo;
    }

    public string ContentType => "application/json";

    public void Serialize(T value, IBufferWriter<byte> destination)
    {
        using var writer = new Utf8JsonWriter(destination);
        JsonSerializer.Serialize(writer, value, _typeInfo);
    }

    public T Deserialize(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // The JSON text null is a value where T allows it, and what the caller put.
            return JsonSerializer.Deserialize(bytes, _typeInfo)!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The value is no JSON of a {typeof(T).Name}.", e);
        }
    }
}
