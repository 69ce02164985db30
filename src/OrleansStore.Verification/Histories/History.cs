namespace OrleansStore.Verification.Histories;

/// <summary>Records what clients ask and are told. Safe for concurrent use.</summary>
/// <remarks>An operation is recorded when it begins, so that one whose answer never comes is in the history as one that may have taken effect.</remarks>
public sealed class History
{
    private readonly Lock _gate = new();
    private readonly List<ClientOperation> _operations = [];

    /// <summary>A copy of all operations so far, in the order in which they began.</summary>
    public IReadOnlyList<ClientOperation> Operations
    {
        get
        {
            lock (_gate)
            {
                return [.. _operations];
            }
        }
    }

    /// <summary>Notes that a read was asked for.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The time; read before the request is sent.</param>
    /// <returns>What <see cref="EndRead"/> is called with.</returns>
    public int BeginRead(int client, StoreKey key, TimeSpan now) => Add(new ReadOperation(client, now, null, key, null));

    /// <summary>Notes the answer to a read.</summary>
    /// <param name="operation">What <see cref="BeginRead"/> gave.</param>
    /// <param name="result">The answer.</param>
    /// <param name="now">The time; read after the answer came.</param>
    /// <exception cref="InvalidOperationException">The operation is no read, or was answered before.</exception>
    public void EndRead(int operation, ReadResult result, TimeSpan now) => Update<ReadOperation>(operation, read => read with { End = now, Result = result });

    /// <summary>Notes that a transaction was asked for.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="transaction">What.</param>
    /// <param name="now">The time; read before the request is sent.</param>
    /// <returns>What <see cref="EndWrite"/> is called with.</returns>
    public int BeginWrite(int client, Transaction transaction, TimeSpan now) => Add(new WriteOperation(client, now, null, transaction, null));

    /// <summary>Notes the answer to a transaction.</summary>
    /// <param name="operation">What <see cref="BeginWrite"/> gave.</param>
    /// <param name="result">The answer.</param>
    /// <param name="now">The time; read after the answer came.</param>
    /// <exception cref="InvalidOperationException">The operation is no transaction, or was answered before.</exception>
    public void EndWrite(int operation, WriteResult result, TimeSpan now) => Update<WriteOperation>(operation, write => write with { End = now, Result = result });

    private int Add(ClientOperation operation)
    {
        lock (_gate)
        {
            _operations.Add(operation);
            return _operations.Count - 1;
        }
    }

    private void Update<T>(int index, Func<T, ClientOperation> answer)
        where T : ClientOperation
    {
        lock (_gate)
        {
            if (_operations[index] is not T { End: null } operation)
            {
                throw new InvalidOperationException($"Operation {index} is no {typeof(T).Name}, or has been answered.");
            }

            _operations[index] = answer(operation);
        }
    }
}
