namespace OrleansStore.Client;

/// <summary>How a write is sent. Immutable.</summary>
public sealed record WriteOptions : CallOptions
{
    /// <summary>The caller's own id of the write, 1 to <see cref="RequestId.MaxKeyLength"/> characters of printable ASCII; null to be given one.</summary>
    /// <remarks>
    /// <para>Two calls with the same key and the same content are one write: the second gets the first answer, also from another process and after a restart, for as long as the bucket
    /// remembers it (10 minutes unless the store is configured otherwise). The same key with other content fails with <see cref="ErrorCode.IdempotencyMismatch"/>.</para>
    /// <para>A space at either end is refused, because transports may take it off; and what begins with <c>s:</c> or <c>k:</c>, because it could not be told from the text of a <see cref="RequestId"/>.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The value is out of range.</exception>
    public string? IdempotencyKey
    {
        get;
        init
        {
            if (value is not null)
            {
                _ = RequestId.ForKey(value);
                if (value[0] == ' ' || value[^1] == ' ')
                {
                    throw new ArgumentException("An idempotency key neither begins nor ends with a space.", nameof(value));
                }

                if (value.StartsWith("s:", StringComparison.Ordinal) || value.StartsWith("k:", StringComparison.Ordinal))
                {
                    throw new ArgumentException("An idempotency key begins neither with s: nor with k:, as the text of a request id does.", nameof(value));
                }
            }

            field = value;
        }
    }
}
