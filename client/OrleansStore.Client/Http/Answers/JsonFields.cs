using System.Text.Json;

namespace OrleansStore.Client.Http.Answers;

/// <summary>Reads answers member by member. Members that are not known are skipped: a later release may add some.</summary>
internal static class JsonFields
{
    /// <summary>Reads the beginning of an object.</summary>
    /// <exception cref="FormatException">There is something else.</exception>
    /// <exception cref="JsonException">The text is no JSON; so for all methods here.</exception>
    public static void Open(ref Utf8JsonReader reader) => Demand(ref reader, JsonTokenType.StartObject);

    /// <summary>Reads the beginning of an array.</summary>
    /// <exception cref="FormatException">There is something else.</exception>
    public static void OpenArray(ref Utf8JsonReader reader) => Demand(ref reader, JsonTokenType.StartArray);

    /// <summary>Reads the name of the next member.</summary>
    /// <returns>False at the end of the object.</returns>
    /// <exception cref="FormatException">The text ends here.</exception>
    public static bool Next(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">There is something else.</exception>
    public static string Text(ref Utf8JsonReader reader)
    {
        Demand(ref reader, JsonTokenType.String);
        return reader.GetString()!;
    }

    /// <summary>Reads a text or null.</summary>
    /// <exception cref="FormatException">There is something else.</exception>
    public static string? TextOrNull(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        return reader.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => reader.GetString(),
            _ => throw Unexpected(ref reader),
        };
    }

    /// <summary>Reads a whole number in [0, <paramref name="max"/>].</summary>
    /// <exception cref="FormatException">There is something else.</exception>
    public static ulong Number(ref Utf8JsonReader reader, ulong max = ulong.MaxValue)
    {
        Demand(ref reader, JsonTokenType.Number);
        return reader.TryGetUInt64(out var number) && number <= max ? number : throw Unexpected(ref reader);
    }

    /// <summary>Reads over a value.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static void Skip(ref Utf8JsonReader reader)
    {
        Advance(ref reader);
        reader.Skip();
    }

    /// <summary>Reads the next token.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static void Advance(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new FormatException("The answer ends too early.");
        }
    }

    /// <summary>What to throw at a token that does not belong where it is.</summary>
    public static FormatException Unexpected(ref Utf8JsonReader reader) => new($"The answer has an unexpected {reader.TokenType} at byte {reader.TokenStartIndex}.");

    private static void Demand(ref Utf8JsonReader reader, JsonTokenType type)
    {
        Advance(ref reader);
        if (reader.TokenType != type)
        {
            throw Unexpected(ref reader);
        }
    }
}
