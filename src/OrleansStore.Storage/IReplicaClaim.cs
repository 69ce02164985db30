namespace OrleansStore.Storage;

/// <summary>The right of one activation to speak for its replica (design invariant 2): no two activations of a replica hold it at the same time, in whatever processes they are.</summary>
/// <remarks>Fencing writes is not enough: a vote, an answer to a heartbeat and a read are promises, too. All times are readings of the monotonic clock that storage was
/// opened with, and nothing here needs the database to answer. Safe for concurrent use.</remarks>
public interface IReplicaClaim
{
    /// <summary>Since when no other process has spoken for the replica. What an earlier holder promised before is not known to this process, so that a voter grants no vote before one
    /// lease duration after it (invariant 6). Only after <see cref="WaitAsync"/>.</summary>
    MonotonicTime HeldSince { get; }

    /// <summary>Whether the activation may say something at this time: send a message, or answer a read.</summary>
    /// <param name="now">Read after what is to be said was found out, and before it is said.</param>
    bool IsHeldAt(MonotonicTime now);

    /// <summary>Waits until every earlier holder in other processes has released its claim, or that has expired.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreException"><see cref="ErrorCode.WriterFenced"/>: a newer writer was opened; <see cref="ErrorCode.Closed"/> or another code: storage ended.</exception>
    ValueTask WaitAsync(CancellationToken cancellationToken);
}
