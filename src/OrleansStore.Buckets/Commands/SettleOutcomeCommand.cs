namespace OrleansStore.Buckets.Commands;

/// <summary>Settles what became of a request: where nothing is known of it, it never happens from now on (invariant 5).</summary>
public sealed class SettleOutcomeCommand : BucketCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="stamp">The leader's wall-clock time.</param>
    /// <param name="requestId">The request asked for; of the session or the opaque form.</param>
    /// <param name="firstSent">When the first copy of the request was sent, by the asker's clock; null if the asker does not know. It tells a request that
    /// never came from one that was decided and forgotten: without it that cannot be told once the bucket has forgotten any key. Session ids hold their own time and need none.</param>
    /// <exception cref="ArgumentException">A time cannot be stored, or <paramref name="requestId"/> has no identity.</exception>
    public SettleOutcomeCommand(WallTime stamp, RequestId requestId, WallTime? firstSent = null)
        : base(CommandKind.SettleOutcome, stamp)
    {
        if (requestId.Form == RequestIdForm.None)
        {
            throw new ArgumentException("A request without identity has no outcome to ask for.", nameof(requestId));
        }

        if (firstSent is { IsStorable: false })
        {
            throw new ArgumentOutOfRangeException(nameof(firstSent), firstSent, "The time cannot be stored.");
        }

        RequestId = requestId;
        FirstSent = firstSent;
    }

    /// <summary>The request asked for.</summary>
    public RequestId RequestId { get; }

    /// <summary>When its first copy was sent, by the asker's clock; null if the asker does not know.</summary>
    public WallTime? FirstSent { get; }
}
