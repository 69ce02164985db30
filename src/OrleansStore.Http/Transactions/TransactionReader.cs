using System.Collections.Immutable;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.Transactions;

/// <summary>Reads the body of a transaction.</summary>
/// <remarks>An element of <c>guards</c> may state several conditions on its key; it becomes as many guards, and is what a failure of any of them names.</remarks>
/// <param name="maxValueBytes">The longest value allowed.</param>
internal sealed class TransactionReader(int maxValueBytes)
{
    private static readonly string[] BodyNames = ["guards", "then"];
    private static readonly string[] GuardNames = ["key", "revision", "exists", "value"];
    private static readonly string[] OperationNames = ["put", "delete"];
    private static readonly string[] PutNames = ["key", "value", "contentType"];
    private static readonly string[] DeleteNames = ["key"];

    private readonly ImmutableArray<Guard>.Builder _guards = ImmutableArray.CreateBuilder<Guard>();
    private readonly ImmutableArray<int>.Builder _places = ImmutableArray.CreateBuilder<int>();
    private readonly ImmutableArray<Operation>.Builder _operations = ImmutableArray.CreateBuilder<Operation>();
    private readonly HashSet<StoreKey> _changed = [];
    private long _bytes;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body; nothing of it is kept.</param>
    /// <exception cref="MalformedJsonException">The body is not a transaction, or one of its limits is exceeded.</exception>
    public ParsedTransaction Read(ReadOnlySpan<byte> body)
    {
        var json = new StrictJson(body);
        var seen = json.StartObject();
        while (json.TryReadName(seen, BodyNames, out var name))
        {
            json.StartArray();
            if (name == "guards")
            {
                for (var i = 0; json.TryReadElement(i, StoreLimits.MaxGuards); i++)
                {
                    ReadGuard(ref json, i);
                }
            }
            else
            {
                for (var i = 0; json.TryReadElement(i, StoreLimits.MaxOperations); i++)
                {
                    ReadOperation(ref json);
                }
            }
        }

        json.End();
        if (_guards.Count + _operations.Count == 0)
        {
            throw json.Error("There is neither a guard nor an operation.");
        }

        var transaction = new Transaction(_guards.ToImmutable(), _operations.ToImmutable(), maxValueBytes);
        return new ParsedTransaction(transaction, _places.ToImmutable());
    }

    private void ReadGuard(ref StrictJson json, int place)
    {
        StoreKey? key = null;
        ulong? revision = null;
        bool? exists = null;
        byte[]? value = null;
        var seen = json.StartObject();
        while (json.TryReadName(seen, GuardNames, out var name))
        {
            switch (name)
            {
                case "key":
                    key = ReadKey(ref json);
                    break;
                case "revision":
                    revision = json.ReadNumber();
                    break;
                case "exists":
                    exists = json.ReadBoolean();
                    break;
                default:
                    value = ReadValue(ref json);
                    break;
            }
        }

        var guarded = key ?? throw json.Error("The key is missing.");
        if (revision is null && exists is null && value is null)
        {
            throw json.Error("The guard states no condition: revision, exists or value.");
        }

        AddGuard(ref json, exists switch { null => null, true => Guard.Exists(guarded), false => Guard.NotExists(guarded) }, place);
        AddGuard(ref json, revision is { } number ? Guard.RevisionIn(guarded, new Revision(number)) : null, place);
        AddGuard(ref json, value is not null ? Guard.ValueEquals(guarded, value) : null, place);
    }

    private void AddGuard(ref StrictJson json, Guard? guard, int place)
    {
        if (guard is null)
        {
            return;
        }

        if (_guards.Count == StoreLimits.MaxGuards)
        {
            throw json.Error($"The guards state more than {StoreLimits.MaxGuards} conditions.");
        }

        Count(ref json, guard.Key.Bytes.Length);
        _guards.Add(guard);
        _places.Add(place);
    }

    private void ReadOperation(ref StrictJson json)
    {
        Operation? operation = null;
        var seen = json.StartObject();
        while (json.TryReadName(seen, OperationNames, out var name))
        {
            if (operation is not null)
            {
                throw json.Error("An operation is either a put or a delete.");
            }

            operation = name == "put" ? ReadPut(ref json) : ReadDelete(ref json);
            if (!_changed.Add(operation.Key))
            {
                throw json.Error("Another operation changes the same key.");
            }
        }

        _operations.Add(operation ?? throw json.Error("The operation is neither a put nor a delete."));
    }

    private Operation ReadPut(ref StrictJson json)
    {
        StoreKey? key = null;
        byte[]? value = null;
        string? contentType = null;
        var seen = json.StartObject();
        while (json.TryReadName(seen, PutNames, out var name))
        {
            switch (name)
            {
                case "key":
                    key = ReadKey(ref json);
                    break;
                case "value":
                    value = ReadValue(ref json);
                    break;
                default:
                    contentType = ReadContentType(ref json);
                    break;
            }
        }

        var put = key ?? throw json.Error("The key is missing.");
        Count(ref json, put.Bytes.Length);
        return Operation.Put(put, value ?? throw json.Error("The value is missing."), contentType);
    }

    private Operation ReadDelete(ref StrictJson json)
    {
        StoreKey? key = null;
        var seen = json.StartObject();
        while (json.TryReadName(seen, DeleteNames, out _))
        {
            key = ReadKey(ref json);
        }

        var deleted = key ?? throw json.Error("The key is missing.");
        Count(ref json, deleted.Bytes.Length);
        return Operation.Delete(deleted);
    }

    private static StoreKey ReadKey(ref StrictJson json) =>
        KeyText.TryRead(json.ReadText(), out var key, out var problem)
            ? key
            : throw new MalformedJsonException(json.Pointer, problem.Detail) { Type = problem.Type };

    private byte[] ReadValue(ref StrictJson json)
    {
        var value = json.ReadBytes();
        if (value.Length > maxValueBytes)
        {
            throw new MalformedJsonException(json.Pointer, $"The value has {value.Length} bytes; at most {maxValueBytes} are taken.") { Type = ProblemTypes.ValueTooLarge };
        }

        Count(ref json, value.Length);
        return value;
    }

    private string ReadContentType(ref StrictJson json)
    {
        var text = json.ReadText();
        Count(ref json, text.Length);
        return RequestHeaders.IsContentType(text)
            ? text
            : throw json.Error($"A content type has at most {StoreLimits.MaxContentTypeBytes} characters of printable ASCII.");
    }

    private void Count(ref StrictJson json, int bytes)
    {
        _bytes += bytes;
        if (_bytes > StoreLimits.MaxTransactionBytes)
        {
            throw new MalformedJsonException(json.Pointer, $"Keys and values have more than {StoreLimits.MaxTransactionBytes} bytes together.") { Type = ProblemTypes.ValueTooLarge };
        }
    }
}
