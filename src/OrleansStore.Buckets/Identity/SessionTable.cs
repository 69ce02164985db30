using System.Buffers.Binary;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Map;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Identity;

/// <summary>The sessions of a bucket and the answers that their clients may still ask for again (Raft thesis, section 6.3).</summary>
/// <remarks>
/// <para>A session opens with the first command that names it, and ends <em>I</em> (idle timeout) of applied time after its last use. What makes forgetting it
/// safe is the rule that an unknown session with creation time C may open at applied time A only if <c>-F &lt;= A - C &lt; I - F</c>, where F is the allowed clock lead.</para>
/// <para><strong>A session that ended never opens again.</strong> (1) It opened at some A1 with <c>A1 &gt;= C - F</c>. (2) Its last use L is not before A1.
/// (3) It ended at some A2 with <c>A2 - L &gt;= I</c>, hence <c>A2 &gt;= A1 + I &gt;= C - F + I</c>. (4) Applied time never falls, so at every later A, also
/// <c>A - C &gt;= I - F</c>, and the rule refuses. So a late copy of one of its requests is never taken for new.</para>
/// <para>The price: a client whose clock runs ahead of the leaders' by more than F opens no session, and a session must be used within I - F of its making.</para>
/// </remarks>
internal sealed class SessionTable(BucketLimits limits)
{
    private readonly ByteTree<SessionById> _byId = new();

    // Invariant: the same items as in _byId.
    private readonly ByteTree<SessionByLastUse> _byLastUse = new();

    // Invariant: every answer belongs to a session of _byId and lies in (answered up to, answered up to + MaxUnansweredPerSession].
    private readonly ByteTree<SessionResultBySequence> _results = new();

    public int Count => _byId.Count;

    public int ResultCount => _results.Count;

    public TreeView<SessionById> View() => _byId.View();

    public TreeView<SessionResultBySequence> ViewResults() => _results.View();

    /// <summary>Says what is known of a request; changes nothing.</summary>
    /// <param name="identity">The request, of the session form.</param>
    /// <param name="content">The fingerprint of its content; null where only the outcome is asked for.</param>
    /// <param name="now">The applied time at which it would be decided.</param>
    public Recollection Recall(RequestIdentity identity, Fingerprint? content, WallTime now)
    {
        var id = identity.Id;
        var answeredUpTo = identity.AnsweredUpTo;
        if (Find(id.Session) is { } session)
        {
            if (id.Sequence <= session.AnsweredUpTo)
            {
                return new Recollection(Admission.Expired);
            }

            if (FindResult(id.Session, id.Sequence) is { } result)
            {
                return Recollection.Of(result.Memory, content);
            }

            answeredUpTo = Math.Max(answeredUpTo, session.AnsweredUpTo);
        }
        else if (!MayOpen(id.Session, now))
        {
            return new Recollection(Admission.Expired);
        }
        else if (_byId.Count >= limits.MaxSessions)
        {
            return new Recollection(Admission.Throttled);
        }

        var fits = id.Sequence - answeredUpTo <= (ulong)limits.MaxUnansweredPerSession && _results.Count < limits.MaxSessionResults;
        return new Recollection(fits ? Admission.New : Admission.Throttled);
    }

    /// <summary>Notes that a session was used, and forgets the answers that its client has. Does nothing for an unknown session.</summary>
    public void Touch(RequestIdentity identity, WallTime now)
    {
        if (Find(identity.Id.Session) is not { } session)
        {
            return;
        }

        var answeredUpTo = Math.Max(session.AnsweredUpTo, identity.AnsweredUpTo);
        if (session.LastUse == now && session.AnsweredUpTo == answeredUpTo)
        {
            return;
        }

        ForgetAnswers(session.Id, answeredUpTo);
        _byLastUse.Remove(SessionByLastUse.Of(session.Bytes));
        AddSession(SessionItem.Create(session.Id, now, answeredUpTo));
    }

    /// <summary>Keeps the answer to a request that <see cref="Recall"/> called new, and opens its session if it is unknown.</summary>
    public void Remember(RequestIdentity identity, Fingerprint content, WriteResult answer, WallTime now)
    {
        if (Find(identity.Id.Session) is null)
        {
            AddSession(SessionItem.Create(identity.Id.Session, now, identity.AnsweredUpTo));
        }

        var replaced = _results.Put(SessionResultItem.Create(identity.Id.Session, identity.Id.Sequence, content, answer));
        Invariant.Check(replaced is null, "a request is decided once");
    }

    /// <summary>Ends sessions that have been idle for too long, the longest idle first, as many as one command may.</summary>
    public void EndIdle(WallTime now)
    {
        for (var i = 0; i < limits.MaxSessionEndsPerCommand; i++)
        {
            if (_byLastUse.Current.First() is not { } item || now - new SessionItem(item).LastUse < limits.SessionIdleTimeout)
            {
                return;
            }

            _byLastUse.Remove(SessionByLastUse.Of(item));
            _byId.Remove(SessionById.Of(item));
            ForgetAnswers(new SessionItem(item).Id, ulong.MaxValue);
        }
    }

    /// <summary>Adds a session of a snapshot.</summary>
    public void Restore(SessionItem session) => AddSession(session);

    /// <summary>Adds an answer of a snapshot; its session was added before.</summary>
    /// <returns>False where no session has a place for it.</returns>
    public bool TryRestore(SessionResultItem result)
    {
        if (Find(result.Session) is not { } session ||
            result.Sequence <= session.AnsweredUpTo ||
            result.Sequence - session.AnsweredUpTo > (ulong)limits.MaxUnansweredPerSession)
        {
            return false;
        }

        _results.Put(result.Bytes);
        return true;
    }

    private bool MayOpen(SessionId session, WallTime now)
    {
        var age = now - session.Created;
        return age >= -limits.AllowedClockLead && age < limits.SessionIdleTimeout - limits.AllowedClockLead;
    }

    private SessionItem? Find(SessionId session)
    {
        Span<byte> key = stackalloc byte[SessionItem.IdBytes];
        BinaryPrimitives.WriteUInt128BigEndian(key, session.Value);
        return _byId.Find(key) is { } item ? new SessionItem(item) : null;
    }

    private SessionResultItem? FindResult(SessionId session, ulong sequence)
    {
        Span<byte> key = stackalloc byte[SessionResultItem.KeyBytes];
        SessionResultItem.WriteKey(key, session, sequence);
        return _results.Find(key) is { } item ? new SessionResultItem(item) : null;
    }

    private void AddSession(SessionItem session)
    {
        _byId.Put(session.Bytes);
        _byLastUse.Put(session.Bytes);
    }

    private void ForgetAnswers(SessionId session, ulong answeredUpTo)
    {
        Span<byte> first = stackalloc byte[SessionResultItem.KeyBytes];
        SessionResultItem.WriteKey(first, session, 0);
        while (true)
        {
            // A removal ends the cursor, so each round seeks anew.
            var cursor = _results.Current.Seek(first);
            if (!cursor.MoveNext())
            {
                return;
            }

            var result = new SessionResultItem(cursor.Current);
            if (result.Session != session || result.Sequence > answeredUpTo)
            {
                return;
            }

            _results.Remove(SessionResultBySequence.Of(result.Bytes));
        }
    }
}
