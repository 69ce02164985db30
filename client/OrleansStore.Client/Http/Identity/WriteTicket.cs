using System.Globalization;

namespace OrleansStore.Client.Http.Identity;

/// <summary>The id of one write, which all of its copies carry. Given back exactly once, by <see cref="End"/>.</summary>
internal sealed class WriteTicket
{
    private readonly WriteTickets? _tickets;
    private readonly WriteSession? _session;

    /// <param name="id">An idempotency key.</param>
    public WriteTicket(RequestId id) => Id = id;

    public WriteTicket(WriteTickets tickets, WriteSession session, ulong sequence)
    {
        (_tickets, _session) = (tickets, session);
        Id = RequestId.ForSession(session.Id, sequence);
    }

    public RequestId Id { get; }

    /// <summary>Whether the id is a place in a session, which buckets forget as soon as the write is answered; else a key, which they remember for a time.</summary>
    public bool IsOfSession => _session is not null;

    /// <summary>What the next copy is to carry: what is answered by now goes with it.</summary>
    public RequestIdentity Identity => new(Id, _session is null ? 0 : _tickets!.AnsweredUpTo(_session));

    /// <summary>Names a copy of the write.</summary>
    public void Name(HttpRequestMessage copy)
    {
        if (_session is null)
        {
            copy.Headers.TryAddWithoutValidation(HeaderNames.IdempotencyKey, Id.Key);
        }
        else
        {
            copy.Headers.TryAddWithoutValidation(HeaderNames.Session, string.Create(CultureInfo.InvariantCulture, $"{Id.Session}:{Id.Sequence}:{Identity.AnsweredUpTo}"));
        }
    }

    /// <summary>Ends the use of the id: no copy is sent any more.</summary>
    /// <param name="isUnknown">Whether the caller was told that nobody knows what became of the write; it may ask.</param>
    public void End(bool isUnknown)
    {
        if (_session is not null)
        {
            _tickets!.End(_session, Id.Sequence, isUnknown);
        }
    }
}
