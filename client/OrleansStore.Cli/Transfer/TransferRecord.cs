using System.Buffers.Text;
using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Client;

namespace OrleansStore.Cli.Transfer;

/// <summary>A record as one line of JSON: <c>{"key" or "keyBase64","revision","contentType","value"}</c>, the value in base64. Revisions are told and not taken back: a store gives its own.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="ContentType">The content type; null for none.</param>
internal sealed record TransferRecord(StoreKey Key, ReadOnlyMemory<byte> Value, string? ContentType)
{
    /// <summary>The longest line that is taken: the longest value in base64, the longest key with every byte escaped, and some room.</summary>
    public const int MaxLineBytes = (4 * ((StoreLimits.MaxValueBytes / 3) + 1)) + (3 * StoreLimits.MaxKeyBytes) + 4096;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Writes a record; the line is not ended.</summary>
    public static void Write(Utf8JsonWriter json, StoreItem item, bool asBase64)
    {
        json.WriteStartObject();
        if (asBase64)
        {
            json.WriteBase64String("keyBase64"u8, item.Key.Bytes.Span);
        }
        else
        {
            json.WriteString("key"u8, KeyText.Encode(item.Key));
        }

        json.WriteNumber("revision"u8, item.Revision.Value);
        json.WriteString("contentType"u8, item.ContentType);
        json.WriteBase64String("value"u8, item.Value.Span);
        json.WriteEndObject();
    }

    /// <summary>Reads a line. Nothing of it is kept.</summary>
    /// <exception cref="FormatException">It is no record; the message says why, as part of a sentence.</exception>
    public static TransferRecord Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            return Parse(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is no JSON, or not all of it ({e.Message})", e);
        }
        catch (UsageException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static TransferRecord Parse(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it is no object");
        }

        foreach (var member in json.EnumerateObject())
        {
            // What is not understood must not be lost without a word.
            if (member.Name is not ("key" or "keyBase64" or "revision" or "contentType" or "value"))
            {
                throw new FormatException($"'{member.Name}' is no member of a record");
            }
        }

        var key = (Text(json, "key"), Text(json, "keyBase64")) switch
        {
            ({ } text, null) => KeyText.Parse(text),
            (null, { } text) => KeyText.Parse(text, isBase64: true),
            _ => throw new FormatException("it has no key, or two"),
        };
        var value = Text(json, "value") ?? throw new FormatException("it has no value");
        if (!Base64.IsValid(value))
        {
            throw new FormatException("its value is no base64");
        }

        var contentType = Text(json, "contentType");
        return new TransferRecord(key, Convert.FromBase64String(value), contentType == StoreItem.DefaultContentType ? null : contentType);
    }

    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out var text) ? null
        : text.ValueKind == JsonValueKind.String ? text.GetString()
        : throw new FormatException($"its {name} is no text");
}
