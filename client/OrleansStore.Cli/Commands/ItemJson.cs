using System.Text.Json;
using OrleansStore.Cli.Keys;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary>Records in JSON, with the names that the HTTP interface uses.</summary>
internal static class ItemJson
{
    public static void Write(Utf8JsonWriter json, StoreItem item, bool withValue)
    {
        json.WriteString("key"u8, KeyText.Encode(item.Key));
        json.WriteNumber("revision"u8, item.Revision.Value);
        json.WriteNumber("size"u8, item.ValueBytes);
        json.WriteString("contentType"u8, item.ContentType);
        if (withValue)
        {
            json.WriteBase64String("value"u8, item.Value.Span);
        }
    }
}
