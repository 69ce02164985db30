namespace OrleansStore.Buckets.Commands;

/// <summary>Applies a <see cref="OrleansStore.Transaction"/>, once for all commands with its request id.</summary>
public sealed class TransactionCommand : BucketCommand
{
    private Fingerprint? _content;

    /// <summary>Creates the command.</summary>
    /// <param name="stamp">The leader's wall-clock time.</param>
    /// <param name="identity">What makes copies of the request one request; the default value for none.</param>
    /// <param name="transaction">What is to be done.</param>
    /// <exception cref="ArgumentException">The stamp cannot be stored, or <paramref name="transaction"/> is null.</exception>
    public TransactionCommand(WallTime stamp, RequestIdentity identity, Transaction transaction)
        : base(CommandKind.Transaction, stamp)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Identity = identity;
        Transaction = transaction;
    }

    internal TransactionCommand(WallTime stamp, RequestIdentity identity, Transaction transaction, ReadOnlySpan<byte> encodedTransaction)
        : this(stamp, identity, transaction)
    {
        if (identity.Id.Form != RequestIdForm.None)
        {
            _content = Fingerprint.Of(encodedTransaction);
        }
    }

    /// <summary>What makes copies of the request one request.</summary>
    public RequestIdentity Identity { get; }

    /// <summary>What is to be done.</summary>
    public Transaction Transaction { get; }

    /// <summary>What two requests with one id must share: equal for equal guards and operations, whatever stamp and identity are.</summary>
    internal Fingerprint Content => _content ??= Fingerprint.Of(TransactionCodec.Encode(Transaction));
}
