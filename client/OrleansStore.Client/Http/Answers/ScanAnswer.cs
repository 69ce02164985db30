using System.Text.Json;

namespace OrleansStore.Client.Http.Answers;

/// <summary>One page of a scan.</summary>
/// <param name="Items">The records in the order of their keys.</param>
/// <param name="Next">What asks for the next page; null where this is the last.</param>
internal sealed record ScanAnswer(IReadOnlyList<StoreItem> Items, string? Next)
{
    /// <summary>Reads the body of an answer.</summary>
    /// <param name="body">The body; nothing of it is kept.</param>
    /// <param name="includesValues">Whether every item must have its value.</param>
    /// <exception cref="FormatException">It is not what such answers look like.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ScanAnswer Read(ReadOnlySpan<byte> body, bool includesValues)
    {
        List<StoreItem>? items = null;
        string? next = null;
        var hasNext = false;
        var reader = new Utf8JsonReader(body);
        JsonFields.Open(ref reader);
        while (JsonFields.Next(ref reader))
        {
            if (reader.ValueTextEquals("items"u8))
            {
                items = ReadItems(ref reader, includesValues);
            }
            else if (reader.ValueTextEquals("next"u8))
            {
                next = JsonFields.TextOrNull(ref reader);
                hasNext = true;
            }
            else
            {
                JsonFields.Skip(ref reader);
            }
        }

        // A page that does not say whether it is the last one would end a scan too early.
        return items is not null && hasNext ? new ScanAnswer(items, next) : throw new FormatException("The page lacks its items or what follows.");
    }

    private static List<StoreItem> ReadItems(ref Utf8JsonReader reader, bool includesValues)
    {
        List<StoreItem> items = [];
        JsonFields.OpenArray(ref reader);
        for (JsonFields.Advance(ref reader); reader.TokenType != JsonTokenType.EndArray; JsonFields.Advance(ref reader))
        {
            items.Add(reader.TokenType == JsonTokenType.StartObject ? ReadItem(ref reader, includesValues) : throw JsonFields.Unexpected(ref reader));
        }

        return items;
    }

    private static StoreItem ReadItem(ref Utf8JsonReader reader, bool includesValues)
    {
        StoreKey key = default;
        ulong? revision = null;
        int? size = null;
        byte[]? value = null;
        var contentType = StoreItem.DefaultContentType;
        while (JsonFields.Next(ref reader))
        {
            if (reader.ValueTextEquals("key"u8))
            {
                key = ReadKey(ref reader);
            }
            else if (reader.ValueTextEquals("revision"u8))
            {
                revision = JsonFields.Number(ref reader);
            }
            else if (reader.ValueTextEquals("size"u8))
            {
                size = (int)JsonFields.Number(ref reader, int.MaxValue);
            }
            else if (reader.ValueTextEquals("contentType"u8))
            {
                contentType = ReadContentType(ref reader);
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                JsonFields.Advance(ref reader);
                value = reader.TokenType == JsonTokenType.String ? reader.GetBytesFromBase64() : throw JsonFields.Unexpected(ref reader);
            }
            else
            {
                JsonFields.Skip(ref reader);
            }
        }

        if (key.IsDefault || revision is null || size is null || (includesValues && value?.Length != size))
        {
            throw new FormatException("An item lacks its key, revision or size, or a value of that size.");
        }

        return new StoreItem(key, new Revision(revision.Value), value, size.Value, contentType);
    }

    private static StoreKey ReadKey(ref Utf8JsonReader reader)
    {
        JsonFields.Advance(ref reader);
        return reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped
            ? throw JsonFields.Unexpected(ref reader)
            : KeyText.Decode(reader.ValueSpan);
    }

    // The common type is not made anew for every record.
    private static string ReadContentType(ref Utf8JsonReader reader)
    {
        JsonFields.Advance(ref reader);
        return reader.TokenType != JsonTokenType.String ? throw JsonFields.Unexpected(ref reader)
            : reader.ValueTextEquals(StoreItem.DefaultContentType) ? StoreItem.DefaultContentType
            : reader.GetString()!;
    }
}
