using System.Collections.Immutable;
using System.Text.Json;
using OrleansStore.Cli.Keys;

namespace OrleansStore.Cli.Transactions;

/// <summary>Reads transactions as the HTTP interface takes them: <c>{"guards":[{"key","revision"?,"exists"?,"value"?}],"then":[{"put":{"key","value","contentType"?}},{"delete":{"key"}}]}</c>.</summary>
/// <remarks>Strict, as the store is: a name that is misspelt would else be a condition that is not tried.</remarks>
internal static class TransactionJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a transaction.</summary>
    /// <exception cref="UsageException">The text is none; the message says where.</exception>
    public static ParsedTransaction Read(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, Strict);
            return Read(json.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"The transaction is no JSON: {e.Message}", e);
        }
    }

    private static ParsedTransaction Read(JsonElement root)
    {
        CheckNames(root, "transaction", "guards", "then");
        var guards = ImmutableArray.CreateBuilder<Guard>();
        var places = ImmutableArray.CreateBuilder<int>();
        var operations = ImmutableArray.CreateBuilder<Operation>();
        foreach (var (element, index) in Elements(root, "guards"))
        {
            foreach (var guard in ReadGuard(element, $"guards[{index}]"))
            {
                guards.Add(guard);
                places.Add(index);
            }
        }

        foreach (var (element, index) in Elements(root, "then"))
        {
            operations.Add(ReadOperation(element, $"then[{index}]"));
        }

        return new ParsedTransaction(new Transaction(guards.ToImmutable(), operations.ToImmutable(), StoreLimits.MaxValueBytes), places.ToImmutable());
    }

    private static List<Guard> ReadGuard(JsonElement element, string place)
    {
        CheckNames(element, place, "key", "revision", "exists", "value");
        var key = ReadKey(element, place);
        List<Guard> guards = [];
        if (element.TryGetProperty("exists", out var exists))
        {
            guards.Add(exists.ValueKind switch
            {
                JsonValueKind.True => Guard.Exists(key),
                JsonValueKind.False => Guard.NotExists(key),
                _ => throw Wrong(place, "exists is neither true nor false"),
            });
        }

        if (element.TryGetProperty("revision", out var revision))
        {
            guards.Add(revision.ValueKind == JsonValueKind.Number && revision.TryGetUInt64(out var number)
                ? Guard.RevisionIn(key, new Revision(number))
                : throw Wrong(place, "revision is no whole number"));
        }

        if (element.TryGetProperty("value", out _))
        {
            guards.Add(Guard.ValueEquals(key, ReadValue(element, place)));
        }

        return guards.Count > 0 ? guards : throw Wrong(place, "there is no condition: exists, revision or value");
    }

    private static Operation ReadOperation(JsonElement element, string place)
    {
        CheckNames(element, place, "put", "delete");
        switch (element.TryGetProperty("put", out var put), element.TryGetProperty("delete", out var delete))
        {
            case (true, false):
                CheckNames(put, $"{place}.put", "key", "value", "contentType");
                return Operation.Put(ReadKey(put, $"{place}.put"), ReadValue(put, $"{place}.put"), put.TryGetProperty("contentType", out _) ? ReadText(put, "contentType", $"{place}.put") : null);
            case (false, true):
                CheckNames(delete, $"{place}.delete", "key");
                return Operation.Delete(ReadKey(delete, $"{place}.delete"));
            default:
                throw Wrong(place, "it is either a put or a delete");
        }
    }

    private static IEnumerable<(JsonElement Element, int Index)> Elements(JsonElement root, string name) => !root.TryGetProperty(name, out var list) ? []
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select((element, index) => (element, index))
        : throw Wrong(name, "it is no array");

    private static StoreKey ReadKey(JsonElement element, string place)
    {
        var text = ReadText(element, "key", place);
        try
        {
            return KeyText.Parse(text);
        }
        catch (UsageException e)
        {
            throw Wrong(place, e.Message.TrimEnd('.'));
        }
    }

    private static byte[] ReadValue(JsonElement element, string place)
    {
        _ = ReadText(element, "value", place);
        return element.GetProperty("value").TryGetBytesFromBase64(out var value) ? value : throw Wrong(place, "value is no base64");
    }

    private static string ReadText(JsonElement element, string name, string place) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : throw Wrong(place, $"{name} is missing, or no text");

    private static void CheckNames(JsonElement element, string place, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(place, "it is no object");
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw Wrong(place, $"'{member.Name}' is no member of it; members are {string.Join(", ", names)}");
            }
        }
    }

    private static UsageException Wrong(string place, string what) => new($"The transaction is wrong at {place}: {what}.");
}
