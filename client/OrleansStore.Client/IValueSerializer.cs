using System.Buffers;

namespace OrleansStore.Client;

/// <summary>Turns values into bytes and back. Safe for concurrent use.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IValueSerializer<T>
{
    /// <summary>The content type of the values; null for none.</summary>
    string? ContentType { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="destination">Where to; valid until the call returns.</param>
    void Serialize(T value, IBufferWriter<byte> destination);

    /// <summary>Reads a value.</summary>
    /// <param name="bytes">What <see cref="Serialize"/> wrote, perhaps long ago; valid until the call returns.</param>
    /// <exception cref="FormatException">The bytes are no such value. Exceptions of other types pass through as they are.</exception>
    T Deserialize(ReadOnlySpan<byte> bytes);
}
