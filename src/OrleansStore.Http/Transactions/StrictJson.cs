using System.Text.Json;
using System.Text.Unicode;

namespace OrleansStore.Http.Transactions;

/// <summary>Reads JSON that must be exactly what is expected, and knows where it is. Each method throws <see cref="MalformedJsonException"/> where it is not.</summary>
/// <remarks>No comments, trailing commas, unknown or repeated members, nor anything behind the value.</remarks>
internal ref struct StrictJson
{
    private const int MaxDepth = 8;

    private Utf8JsonReader _reader;
    private readonly List<string> _path;

    /// <summary>Begins to read.</summary>
    /// <param name="json">The text; UTF-8.</param>
    public StrictJson(ReadOnlySpan<byte> json)
    {
        _path = [];
        if (!Utf8.IsValid(json))
        {
            throw new MalformedJsonException(string.Empty, "The body is not UTF-8.");
        }

        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        Advance();
    }

    /// <summary>The place of the current value, as a JSON pointer.</summary>
    public readonly string Pointer => _path.Count == 0 ? string.Empty : "/" + string.Join('/', _path);

    /// <summary>The type of the current value.</summary>
    public readonly JsonTokenType TokenType => _reader.TokenType;

    /// <summary>Fails at the current place.</summary>
    public readonly MalformedJsonException Error(string message) => new(Pointer, message);

    /// <summary>Enters an object.</summary>
    /// <returns>The names of the members already seen, to be passed to <see cref="TryReadName"/>.</returns>
    public readonly HashSet<string> StartObject() =>
        TokenType == JsonTokenType.StartObject ? new HashSet<string>(StringComparer.Ordinal) : throw Error("An object is expected.");

    /// <summary>Goes to the next member of an object; its value is then the current one.</summary>
    /// <param name="seen">The names already seen.</param>
    /// <param name="known">The names allowed.</param>
    /// <param name="name">The member's name, if the result is true.</param>
    /// <returns>False at the end of the object.</returns>
    public bool TryReadName(HashSet<string> seen, ReadOnlySpan<string> known, out string name)
    {
        LeaveMember(seen.Count > 0);
        Advance();
        name = string.Empty;
        if (TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = ReadText();
        if (!known.Contains(name))
        {
            throw Error($"There is an unknown member; known are {string.Join(", ", known!)}.");
        }

        _path.Add(name);
        if (!seen.Add(name))
        {
            throw Error("The member is given twice.");
        }

        Advance();
        return true;
    }

    /// <summary>Enters an array.</summary>
    public readonly void StartArray()
    {
        if (TokenType != JsonTokenType.StartArray)
        {
            throw Error("An array is expected.");
        }
    }

    /// <summary>Goes to the next element of an array; it is then the current value.</summary>
    /// <param name="index">The element's place.</param>
    /// <param name="max">The most elements allowed.</param>
    /// <returns>False at the end of the array.</returns>
    public bool TryReadElement(int index, int max)
    {
        LeaveMember(index > 0);
        Advance();
        if (TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        _path.Add(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return index < max ? true : throw Error($"There are more than {max} elements.");
    }

    /// <summary>The current value, a string or a name.</summary>
    public readonly string ReadText()
    {
        if (TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw Error("A string is expected.");
        }

        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The reader's word for an escaped half of a surrogate pair.
            throw Error("The string has an escape that is no character.");
        }
    }

    /// <summary>The current value, a whole number.</summary>
    public readonly ulong ReadNumber() =>
        TokenType == JsonTokenType.Number && _reader.TryGetUInt64(out var number)
            ? number
            : throw Error("A whole number that is not negative is expected.");

    /// <summary>The current value, a point in time as RFC 3339 writes it, with its offset; cut to milliseconds.</summary>
    public readonly WallTime ReadTime() =>
        WallTime.TryParse(ReadText(), out var time) ? time : throw Error("A time since 1970 is expected, as 2026-01-31T12:00:00.000Z.");

    /// <summary>The current value, true or false.</summary>
    public readonly bool ReadBoolean() => TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Error("true or false is expected."),
    };

    /// <summary>The current value, a base64 string, in an array of its own.</summary>
    public readonly byte[] ReadBytes() =>
        TokenType == JsonTokenType.String && _reader.TryGetBytesFromBase64(out var bytes) ? bytes : throw Error("A base64 string is expected.");

    /// <summary>Makes sure that nothing follows.</summary>
    public void End()
    {
        try
        {
            if (_reader.Read())
            {
                throw Error("There is more than one value.");
            }
        }
        catch (JsonException e)
        {
            throw Syntax(e);
        }
    }

    private readonly void LeaveMember(bool isInside)
    {
        if (isInside)
        {
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void Advance()
    {
        try
        {
            if (!_reader.Read())
            {
                throw Error("The JSON text ends too early.");
            }
        }
        catch (JsonException e)
        {
            throw Syntax(e);
        }
    }

    private readonly MalformedJsonException Syntax(JsonException e) =>
        Error($"The JSON text has an error in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
}
