namespace OrleansStore.Service.Routing.Sessions;

/// <summary>One sequence number of a session, for one write. Given back exactly once, by <see cref="End"/>.</summary>
internal sealed class WriteTicket(SessionPool pool, RouterSession session, ulong sequence, MonotonicTime taken)
{
    /// <summary>The request id of every copy of the write.</summary>
    public RequestId Id { get; } = RequestId.ForSession(session.Id, sequence);

    /// <summary>The identity for the next copy: what is answered by now goes with it.</summary>
    public RequestIdentity Identity => pool.IdentityOf(session, Id);

    /// <summary>Gives the number back.</summary>
    /// <param name="result">The write's fate; null if the caller gave up waiting.</param>
    /// <param name="isSessionEnded">Whether the bucket no longer accepts the session.</param>
    public void End(WriteResult? result, bool isSessionEnded) => pool.End(session, sequence, taken, result, isSessionEnded);
}
