using System.Text.Json;

namespace OrleansStore.Client.Http.Requests;

/// <summary>Writes transactions as the interface takes them: one element per guard, so that its index names the guard that failed.</summary>
internal static class TransactionJson
{
    private const int BytesPerPart = 64;

    /// <summary>Writes a transaction.</summary>
    /// <returns>A buffer that the caller owns.</returns>
    /// <exception cref="ArgumentException">A guard lists several revisions, or revisions that must not be.</exception>
    public static PooledBuffer Write(Transaction transaction)
    {
        foreach (var guard in transaction.Guards)
        {
            CheckCarried(guard);
        }

        var buffer = new PooledBuffer(Estimate(transaction));
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray("guards"u8);
        foreach (var guard in transaction.Guards)
        {
            WriteGuard(json, guard);
        }

        json.WriteEndArray();
        json.WriteStartArray("then"u8);
        foreach (var operation in transaction.Operations)
        {
            WriteOperation(json, operation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        return buffer;
    }

    private static void CheckCarried(Guard guard)
    {
        if (guard.Kind == GuardKind.RevisionNotIn || (guard.Kind == GuardKind.RevisionIn && guard.Revisions.Length != 1))
        {
            throw new ArgumentException("Over HTTP a guard of a transaction names one revision, unless the transaction is a single put that is guarded by its own key.", nameof(guard));
        }
    }

    private static void WriteGuard(Utf8JsonWriter json, Guard guard)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, KeyTarget.Encode(guard.Key.Bytes));
        switch (guard.Kind)
        {
            case GuardKind.Exists or GuardKind.NotExists:
                json.WriteBoolean("exists"u8, guard.Kind == GuardKind.Exists);
                break;
            case GuardKind.RevisionIn:
                json.WriteNumber("revision"u8, guard.Revisions[0].Value);
                break;
            default:
                json.WriteBase64String("value"u8, guard.Value.Span);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter json, Operation operation)
    {
        json.WriteStartObject();
        if (operation.Kind == OperationKind.Put)
        {
            json.WriteStartObject("put"u8);
            json.WriteString("key"u8, KeyTarget.Encode(operation.Key.Bytes));
            json.WriteBase64String("value"u8, operation.Value.Span);
            if (operation.ContentType.Length > 0)
            {
                json.WriteString("contentType"u8, operation.ContentType);
            }
        }
        else
        {
            json.WriteStartObject("delete"u8);
            json.WriteString("key"u8, KeyTarget.Encode(operation.Key.Bytes));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Estimate(Transaction transaction)
    {
        var bytes = BytesPerPart;
        foreach (var guard in transaction.Guards)
        {
            bytes += BytesPerPart + guard.Key.Bytes.Length + (guard.Value.Length * 4 / 3);
        }

        foreach (var operation in transaction.Operations)
        {
            bytes += BytesPerPart + operation.Key.Bytes.Length + operation.ContentType.Length + (operation.Value.Length * 4 / 3);
        }

        return bytes;
    }
}
