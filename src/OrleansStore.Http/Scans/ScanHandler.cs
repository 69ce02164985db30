using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;
using OrleansStore.Service;

namespace OrleansStore.Http.Scans;

/// <summary>GET and HEAD of a range of keys.</summary>
internal static class ScanHandler
{
    public static async Task HandleAsync(Exchange exchange)
    {
        if (!ScanQuery.TryRead(exchange.Target.Query, out var query, out var problem))
        {
            await Reply.ProblemAsync(exchange, problem);
            return;
        }

        var request = new ScanRequest(
            NamespaceId.Default,
            query.Range.Prefix,
            query.Position.Length > 0 ? query.Position : query.Range.Start,
            query.Range.End,
            query.Limit,
            includeValues: query.IncludeValues && !exchange.IsHead);
        var page = await exchange.Facade.Store.ScanAsync(request, exchange.Enter(isWrite: false), exchange.Http.RequestAborted);
        if (page.Status != ReadStatus.Found)
        {
            await Reply.ProblemAsync(exchange, ProblemDetails.Of(page.Status, page.RetryAfter));
            return;
        }

        await WriteAsync(exchange, page, query);
    }

    private static async Task WriteAsync(Exchange exchange, ScanReply page, ScanQuery query)
    {
        var response = Reply.Start(exchange, StatusCodes.Status200OK);
        response.ContentType = Texts.Json;
        if (exchange.IsHead)
        {
            return;
        }

        var stream = new JsonStream(response);
        stream.Writer.WriteStartObject();
        stream.Writer.WriteStartArray("items"u8);
        foreach (var record in page.Records)
        {
            WriteItem(stream.Writer, record, query.IncludeValues);
            if (stream.IsFull)
            {
                await stream.FlushAsync(exchange.Http.RequestAborted);
            }
        }

        stream.Writer.WriteEndArray();
        WriteNext(stream.Writer, page.Next, query.Range);
        stream.Writer.WriteEndObject();
        await stream.CompleteAsync(exchange.Http.RequestAborted);
    }

    private static void WriteItem(Utf8JsonWriter writer, StoreRecord record, bool includeValue)
    {
        writer.WriteStartObject();
        JsonText.WriteKey(writer, "key"u8, record.Key);
        writer.WriteNumber("revision"u8, record.ModifyRevision.Value);
        writer.WriteNumber("size"u8, record.ValueBytes);
        writer.WriteString("contentType"u8, Texts.OfContentType(record.ContentType));
        if (includeValue)
        {
            writer.WriteBase64String("value"u8, record.Value.Span);
        }

        writer.WriteEndObject();
    }

    private static void WriteNext(Utf8JsonWriter writer, ReadOnlyMemory<byte>? next, ScanRange range)
    {
        if (next is { } position)
        {
            writer.WriteString("next"u8, ScanCursor.Write(range, position.Span));
        }
        else
        {
            writer.WriteNull("next"u8);
        }
    }
}
