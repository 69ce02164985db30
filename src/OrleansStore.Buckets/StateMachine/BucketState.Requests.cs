using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Identity;

namespace OrleansStore.Buckets.StateMachine;

/// <content>Requests: each is decided once, however many copies of it arrive (invariants 4 and 5).</content>
public sealed partial class BucketState
{
    /// <summary>Looks up what is known of a request before it is proposed; changes nothing.</summary>
    /// <param name="command">The command that would be proposed.</param>
    /// <returns>Its first answer, <see cref="WriteStatus.RequestExpired"/> or <see cref="WriteStatus.IdempotencyMismatch"/>, where no command that may be applied
    /// meanwhile can make the request new. Null where it must be proposed.</returns>
    /// <remarks>What is known comes from committed commands only, so any replica may answer from it.</remarks>
    public WriteResult? FindAnswer(TransactionCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);

        // At the applied time, not at the command's stamp: a session that is too old now stays too old, but one that would be too old at
        // the stamp may be opened by an earlier command that is still on its way.
        var recollection = Recall(command, AppliedTime);
        return recollection.Admission switch
        {
            // A session from the future is refused now, but perhaps no longer when the command is applied.
            Admission.Expired when command.Identity.Id.Session.Created > AppliedTime => null,
            Admission.New or Admission.Throttled => null,
            _ => Answer(recollection),
        };
    }

    private ApplyResult Decide(TransactionCommand command)
    {
        if (command.Identity.Id.Form == RequestIdForm.Session)
        {
            _sessions.Touch(command.Identity, AppliedTime);
        }

        var recollection = Recall(command, AppliedTime);
        if (recollection.Admission != Admission.New)
        {
            return new ApplyResult(Answer(recollection), null, IsRepeat: recollection.Answer is not null, default);
        }

        var answer = Run(command.Transaction);

        // Rejections are remembered too: a copy that came later could find its guards true.
        Remember(command.Identity, command.Content, answer);
        return new ApplyResult(answer, null, IsRepeat: false, default);
    }

    private OutcomeResult Settle(SettleOutcomeCommand command)
    {
        var identity = new RequestIdentity(command.RequestId);
        if (command.RequestId.Form == RequestIdForm.Session)
        {
            _sessions.Touch(identity, AppliedTime);
        }

        var recollection = Recall(identity, content: null, AppliedTime);
        if (recollection.Admission == Admission.Throttled)
        {
            return new OutcomeResult(OutcomeStatus.Throttled);
        }

        if (recollection.Admission != Admission.New)
        {
            return Outcome(recollection.Answer);
        }

        // Who does not know when the request was sent may mean one of any age: nothing is guessed (invariant 5).
        if (command.RequestId.Form == RequestIdForm.Opaque && _keys.MayHaveForgotten(command.FirstSent ?? WallTime.Zero))
        {
            return new OutcomeResult(OutcomeStatus.Expired);
        }

        Remember(identity, default, new WriteResult(WriteStatus.NeverApplied, Revision));
        return new OutcomeResult(OutcomeStatus.NeverApplied);
    }

    private static OutcomeResult Outcome(WriteResult? answer) => answer?.Status switch
    {
        null => new OutcomeResult(OutcomeStatus.Expired),
        WriteStatus.Applied => new OutcomeResult(OutcomeStatus.Applied, answer),
        WriteStatus.NeverApplied => new OutcomeResult(OutcomeStatus.NeverApplied),
        _ => new OutcomeResult(OutcomeStatus.Rejected, answer),
    };

    private Recollection Recall(TransactionCommand command, WallTime now) =>
        command.Identity.Id.Form == RequestIdForm.None
            ? new Recollection(Admission.New)
            : Recall(command.Identity, command.Content, now);

    private Recollection Recall(RequestIdentity identity, Fingerprint? content, WallTime now) =>
        identity.Id.Form == RequestIdForm.Session
            ? _sessions.Recall(identity, content, now)
            : _keys.Recall(identity.Id.Key!, content);

    private void Remember(RequestIdentity identity, Fingerprint content, WriteResult answer)
    {
        if (identity.Id.Form == RequestIdForm.Session)
        {
            _sessions.Remember(identity, content, answer, AppliedTime);
        }
        else if (identity.Id.Form == RequestIdForm.Opaque)
        {
            _keys.Remember(identity.Id.Key!, content, answer, AppliedTime);
        }
    }

    private WriteResult Answer(Recollection recollection) => recollection.Admission switch
    {
        Admission.Answered => recollection.Answer!,
        Admission.Expired => new WriteResult(WriteStatus.RequestExpired, Revision),
        Admission.Mismatch => new WriteResult(WriteStatus.IdempotencyMismatch, Revision),
        _ => new WriteResult(WriteStatus.Throttled, Revision),
    };
}
