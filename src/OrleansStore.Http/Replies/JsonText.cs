using System.Text.Json;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.Replies;

/// <summary>What several answers have in common.</summary>
internal static class JsonText
{
    /// <summary>Writes a member with a percent-encoded key.</summary>
    public static void WriteKey(Utf8JsonWriter writer, ReadOnlySpan<byte> name, StoreKey key)
    {
        Span<byte> text = stackalloc byte[3 * StoreLimits.MaxKeyBytes];
        writer.WriteString(name, text[..PercentEncoding.Encode(key.Bytes.Span, text)]);
    }

    /// <summary>Writes what every answer to a write says.</summary>
    public static void WriteFate(Utf8JsonWriter writer, WriteResult result, BucketId bucket, string requestId)
    {
        writer.WriteNumber("revision"u8, result.Revision.Value);
        writer.WriteNumber("bucket"u8, bucket.Packed);
        writer.WriteNumber("durability"u8, result.DurableCopies);
        writer.WriteString("requestId"u8, requestId);
    }

    /// <summary>Writes one outcome per operation.</summary>
    public static void WriteOperations(Utf8JsonWriter writer, WriteResult result)
    {
        writer.WriteStartArray("operations"u8);
        foreach (var outcome in result.Operations)
        {
            writer.WriteStringValue(Texts.Of(outcome));
        }

        writer.WriteEndArray();
    }
}
