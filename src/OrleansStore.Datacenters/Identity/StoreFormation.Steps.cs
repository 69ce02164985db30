using OrleansStore.Diagnostics;
using OrleansStore.Storage;

namespace OrleansStore.Datacenters.Identity;

public sealed partial class StoreFormation
{
    /// <summary>Tells that the replicas of a joining folder have caught up and that consensus has taken them in everywhere: it is a member from now
    /// on.</summary>
    /// <remarks>Called on the links' scheduler. Durable on completion.</remarks>
    /// <exception cref="InvalidOperationException">The folder is not joining.</exception>
    /// <exception cref="IOException">The operating system failed.</exception>
    public Task CompleteJoinAsync()
    {
        if (_own.Phase != FormationPhase.Joining)
        {
            throw new InvalidOperationException($"The folder is not joining but {_own.Phase}.");
        }

        _joinCompleted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var completed = _joinCompleted.Task;
        Step();
        return completed;
    }

    // Steps follow one another: the next is decided from what is durable, never beside a write that is under way.
    private void Step()
    {
        _mustStepAgain = true;
        if (!_isStepping)
        {
            _isStepping = true;
            _ = RunStepsAsync();
        }
    }

    private async Task RunStepsAsync()
    {
        try
        {
            while (_mustStepAgain)
            {
                _mustStepAgain = false;
                _mustStepAgain |= await StepAsync();
            }
        }
        catch (Exception exception)
        {
            // What the folder holds now is not known; only a new start can tell. Nothing more is decided, and nobody is told anything.
            LogFailed(_logger, exception, _own.Name);
            _waitsFor = $"a restart: {exception.Message}";
            _formed.TrySetException(exception);
            _joinCompleted?.TrySetException(exception);
            return;
        }

        _isStepping = false;
    }

    /// <returns>Whether something was done, so that there may be more to do.</returns>
    private async ValueTask<bool> StepAsync()
    {
        if (_joinCompleted is { } completed)
        {
            await SaveAsync(_record with { Phase = FormationPhase.Member });
            _joinCompleted = null;
            Publish();
            completed.SetResult();
            return true;
        }

        if (_own.HoldsStore)
        {
            return await LearnAsync();
        }

        var decision = FormationDecider.Decide(_own, _peers, _heard);
        if (decision.Kind == FormationStep.Wait)
        {
            if (_waitsFor != decision.Reason)
            {
                _waitsFor = decision.Reason;
                LogWaits(_logger, _own.Name, decision.Reason);
            }

            return false;
        }

        var storeId = decision.Kind == FormationStep.Propose ? DrawStoreId() : decision.StoreId;
        var phase = decision.Kind switch
        {
            FormationStep.Form => FormationPhase.Member,
            FormationStep.Join => FormationPhase.Joining,
            _ => FormationPhase.Promised,
        };
        var holds = phase is FormationPhase.Member or FormationPhase.Joining;
        await SaveAsync(_record with
        {
            Phase = phase,
            StoreId = storeId,
            Founders = decision.Founders,
            Known = holds ? MemberBook.FirstKnown(decision.Founders, _own) : [],
        });
        await SetUpAsync();
        LogStep(_logger, _own.Name, decision.Kind, storeId);
        Publish();
        return true;
    }

    /// <summary>Takes down incarnations that are new.</summary>
    private async ValueTask<bool> LearnAsync()
    {
        var book = _book.Learn(_heard.Values);
        if (book is null)
        {
            return false;
        }

        if (!book.Known.AsSpan().SequenceEqual(_record.Known.AsSpan()))
        {
            await SaveAsync(_record with { Known = book.Known });
        }

        _book = book;
        MembersChanged?.Invoke(this, EventArgs.Empty);
        return true;
    }

    private async ValueTask SaveAsync(FormationRecord record)
    {
        await _home.WriteAsync(record);
        _record = record;
    }

    /// <summary>Makes the folder ready for its store, if it holds one; ends what a crash has interrupted.</summary>
    private async ValueTask SetUpAsync()
    {
        var identity = _record.ToIdentity();
        if (!identity.HoldsStore || _record.IsSetUp)
        {
            return;
        }

        if (_home.Identity is null)
        {
            await _home.InitializeAsync(new StoreIdentity(identity.StoreId, identity.Incarnation, identity.Name));
        }

        await SaveAsync(_record with { IsSetUp = true });
    }

    private void Publish()
    {
        var own = _record.ToIdentity();
        Invariant.Check(own.Incarnation == _own.Incarnation, $"the incarnation moved from {_own.Incarnation} to {own.Incarnation}");
        _own = own;
        _book = MemberBook.Of(_record);
        OwnChanged?.Invoke(this, EventArgs.Empty);
        if (own.HoldsStore)
        {
            _waitsFor = string.Empty;
            MembersChanged?.Invoke(this, EventArgs.Empty);
            _formed.TrySetResult(own);
        }
    }
}
