using System.Collections.Immutable;

namespace OrleansStore;

/// <summary>The one request that changes records: if all guards hold, all operations happen at one revision; else none does. All keys are in one bucket.</summary>
/// <remarks>Put, delete, compare-and-set and put-if-absent are its short forms. Guards see the state before the operations. Immutable.</remarks>
public sealed class Transaction
{
    /// <summary>Creates a transaction.</summary>
    /// <param name="guards">At most <see cref="StoreLimits.MaxGuards"/>; the first that fails is named in the result. Several may speak of one key.</param>
    /// <param name="operations">At most <see cref="StoreLimits.MaxOperations"/>, no key twice.</param>
    /// <param name="maxValueBytes">The longest value allowed, in [0, <see cref="StoreLimits.MaxValueBytes"/>].</param>
    /// <exception cref="ArgumentException">There are neither guards nor operations, there are too many, a key stands twice among the operations, a value is
    /// longer than <paramref name="maxValueBytes"/>, or all together have more than <see cref="StoreLimits.MaxTransactionBytes"/>.</exception>
    public Transaction(ImmutableArray<Guard> guards, ImmutableArray<Operation> operations, int maxValueBytes = StoreLimits.DefaultMaxValueBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValueBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxValueBytes, StoreLimits.MaxValueBytes);
        guards = guards.IsDefault ? [] : guards;
        operations = operations.IsDefault ? [] : operations;
        CheckCounts(guards, operations);
        CheckBytes(guards, operations, maxValueBytes);
        CheckKeysDiffer(operations);
        Guards = guards;
        Operations = operations;
    }

    /// <summary>The conditions, in the order in which they are tried.</summary>
    public ImmutableArray<Guard> Guards { get; }

    /// <summary>The changes, in the order of their events.</summary>
    public ImmutableArray<Operation> Operations { get; }

    /// <summary>Creates a transaction of one operation and the guards it depends on.</summary>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public static Transaction Of(Operation operation, params ReadOnlySpan<Guard> guards) => new([.. guards], [operation]);

    private static void CheckCounts(ImmutableArray<Guard> guards, ImmutableArray<Operation> operations)
    {
        if (guards.Length > StoreLimits.MaxGuards)
        {
            throw new ArgumentException($"The transaction has {guards.Length} guards; at most {StoreLimits.MaxGuards} are allowed.", nameof(guards));
        }

        if (operations.Length > StoreLimits.MaxOperations)
        {
            throw new ArgumentException(
                $"The transaction has {operations.Length} operations; at most {StoreLimits.MaxOperations} are allowed.", nameof(operations));
        }

        if (guards.Length + operations.Length == 0)
        {
            throw new ArgumentException("A transaction has at least one guard or operation.", nameof(operations));
        }
    }

    private static void CheckBytes(ImmutableArray<Guard> guards, ImmutableArray<Operation> operations, int maxValueBytes)
    {
        long total = 0;
        foreach (var guard in guards)
        {
            CheckValue(guard.Value, maxValueBytes, nameof(guards));
            total += guard.Key.Bytes.Length + guard.Value.Length;
        }

        foreach (var operation in operations)
        {
            CheckValue(operation.Value, maxValueBytes, nameof(operations));
            total += operation.Key.Bytes.Length + operation.Value.Length + operation.ContentType.Length;
        }

        if (total > StoreLimits.MaxTransactionBytes)
        {
            throw new ArgumentException($"The transaction has {total} bytes; at most {StoreLimits.MaxTransactionBytes} are allowed.", nameof(operations));
        }
    }

    private static void CheckValue(ReadOnlyMemory<byte> value, int maxValueBytes, string parameter)
    {
        if (value.Length > maxValueBytes)
        {
            throw new ArgumentException($"A value has {value.Length} bytes; at most {maxValueBytes} are allowed.", parameter);
        }
    }

    private static void CheckKeysDiffer(ImmutableArray<Operation> operations)
    {
        if (operations.Length < 2)
        {
            return;
        }

        var keys = new StoreKey[operations.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = operations[i].Key;
        }

        Array.Sort(keys);
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i] == keys[i - 1])
            {
                throw new ArgumentException("A key stands twice among the operations of a transaction.", nameof(operations));
            }
        }
    }
}
