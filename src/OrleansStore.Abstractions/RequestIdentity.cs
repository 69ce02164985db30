namespace OrleansStore;

/// <summary>A request id, and how far its session has been answered. The default value is a request without identity.</summary>
public readonly record struct RequestIdentity
{
    /// <summary>Creates an identity.</summary>
    /// <param name="id">The request id.</param>
    /// <param name="answeredUpTo">For a session: every request up to this sequence number has been answered to its sender, which will never send it
    /// again, so the bucket may forget them; below the id's sequence number. For other forms 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="answeredUpTo"/> is out of range.</exception>
    public RequestIdentity(RequestId id, ulong answeredUpTo = 0)
    {
        if (id.Form == RequestIdForm.Session)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(answeredUpTo, id.Sequence);
        }
        else
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(answeredUpTo, 0UL);
        }

        Id = id;
        AnsweredUpTo = answeredUpTo;
    }

    /// <summary>The request id.</summary>
    public RequestId Id { get; }

    /// <summary>The last sequence number of the session up to which all requests are answered; 0 for none and for other forms.</summary>
    public ulong AnsweredUpTo { get; }
}
