namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>The transaction that an operation of the workload is.</summary>
internal static class WorkRequest
{
    /// <summary>Makes the transaction of a write.</summary>
    /// <param name="operation">Any kind but <see cref="WorkKind.Get"/>.</param>
    /// <param name="families">The keys.</param>
    public static Transaction Of(in OperationRecord operation, KeyFamilies families)
    {
        var key = families.KeyOf(operation.Key);
        return operation.Kind switch
        {
            WorkKind.Put => Transaction.Of(Put(key, operation.Value)),
            WorkKind.PutIfAbsent => Transaction.Of(Put(key, operation.Value), Guard.NotExists(key)),
            WorkKind.SwapRevision => Transaction.Of(Put(key, operation.Value), Guard.RevisionIn(key, new Revision(operation.ExpectedRevision))),
            WorkKind.SwapValue => Transaction.Of(Put(key, operation.Value), Guard.ValueEquals(key, WorkValue.Encode(operation.ExpectedValue))),
            WorkKind.Delete => Transaction.Of(Operation.Delete(key)),
            WorkKind.PutPair => new Transaction([], [Put(key, operation.Value), Put(families.KeyOf(operation.OtherKey), operation.OtherValue)]),
            WorkKind.Move => new Transaction(
                [Guard.ValueEquals(key, WorkValue.Encode(operation.ExpectedValue))], [Operation.Delete(key), Put(families.KeyOf(operation.OtherKey), operation.OtherValue)]),
            _ => throw new ArgumentException($"{operation.Kind} is no write.", nameof(operation)),
        };
    }

    private static Operation Put(StoreKey key, int value) => Operation.Put(key, WorkValue.Encode(value));
}
