using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansStore.Client.Http.Answers;

/// <summary>What answers to puts, transactions and outcome queries say of a write.</summary>
internal struct WriteAnswer
{
    private ulong? _revision;

    /// <summary>The revision.</summary>
    /// <exception cref="FormatException">The answer names none.</exception>
    public readonly Revision Revision => new(_revision ?? throw new FormatException("The answer names no revision."));

    /// <summary>How many full copies held the write durably; 0 where the answer does not say.</summary>
    public int DurableCopies { get; private set; }

    /// <summary>One outcome per operation; default where the answer names none.</summary>
    public ImmutableArray<OperationOutcome> Operations { get; private set; }

    /// <summary>What the outcome query found; null in other answers.</summary>
    public string? Outcome { get; private set; }

    /// <summary>Why a write was rejected; null where the answer does not say.</summary>
    public string? Code { get; private set; }

    /// <summary>Reads the body of an answer.</summary>
    /// <exception cref="FormatException">It is not what such answers look like.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static WriteAnswer Read(ReadOnlySpan<byte> body)
    {
        var answer = default(WriteAnswer);
        var reader = new Utf8JsonReader(body);
        JsonFields.Open(ref reader);
        while (JsonFields.Next(ref reader))
        {
            answer.ReadMember(ref reader);
        }

        return answer;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("revision"u8))
        {
            _revision = JsonFields.Number(ref reader);
        }
        else if (reader.ValueTextEquals("durability"u8))
        {
            DurableCopies = (int)JsonFields.Number(ref reader, int.MaxValue);
        }
        else if (reader.ValueTextEquals("operations"u8))
        {
            Operations = ReadOperations(ref reader);
        }
        else if (reader.ValueTextEquals("outcome"u8))
        {
            Outcome = JsonFields.Text(ref reader);
        }
        else if (reader.ValueTextEquals("code"u8))
        {
            Code = JsonFields.Text(ref reader);
        }
        else
        {
            JsonFields.Skip(ref reader);
        }
    }

    private static ImmutableArray<OperationOutcome> ReadOperations(ref Utf8JsonReader reader)
    {
        var operations = ImmutableArray.CreateBuilder<OperationOutcome>();
        JsonFields.OpenArray(ref reader);
        for (JsonFields.Advance(ref reader); reader.TokenType != JsonTokenType.EndArray; JsonFields.Advance(ref reader))
        {
            operations.Add(ReadOperation(ref reader));
        }

        return operations.DrainToImmutable();
    }

    private static OperationOutcome ReadOperation(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw JsonFields.Unexpected(ref reader);
        }

        return reader.ValueTextEquals("created"u8) ? OperationOutcome.Created
            : reader.ValueTextEquals("replaced"u8) ? OperationOutcome.Replaced
            : reader.ValueTextEquals("deleted"u8) ? OperationOutcome.Deleted
            : reader.ValueTextEquals("missing"u8) ? OperationOutcome.Missing
            : throw JsonFields.Unexpected(ref reader);
    }
}
