namespace OrleansStore.Verification.Histories;

/// <summary>A linearizable read of one key.</summary>
/// <param name="Client">Who asked.</param>
/// <param name="Begin">When.</param>
/// <param name="End">When it was answered; null where it was not.</param>
/// <param name="Key">The key.</param>
/// <param name="Result">The answer; null where none came. Its revision, the bucket's, counts if it is not <see cref="Revision.None"/>.</param>
public sealed record ReadOperation(int Client, TimeSpan Begin, TimeSpan? End, StoreKey Key, ReadResult? Result) : ClientOperation(Client, Begin, End)
{
    /// <inheritdoc/>
    public override OperationFate Fate =>
        End is not null && Result is { Status: ReadStatus.Found or ReadStatus.NotFound } ? OperationFate.Decided : OperationFate.WithoutEffect;
}
