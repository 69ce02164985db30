using System.Diagnostics;

namespace OrleansStore.Client.Typed;

/// <summary>Reads, changes and writes one record until nobody was faster.</summary>
/// <remarks>
/// At most one write takes effect, because no round begins before the one before is decided: (1) a failed precondition changed nothing, and its id cannot any more; (2) an unknown write is
/// settled, which either finds that it took effect, and then the update is done, or makes sure that it never does; (3) where that cannot be told, the update ends as unknown.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
internal sealed class UpdateLoop<T>(IStore<T> store, StoreKey key, CallOptions? options)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    public async ValueTask<UpdateOutcome<T>> RunAsync(Func<StoreItem<T>?, Change<T>> change, CancellationToken cancellationToken)
    {
        for (var round = 0; round < UpdateOutcome<T>.MaxRounds; round++)
        {
            var item = await store.GetAsync(key, new ReadOptions { Timeout = Remaining() }, cancellationToken);
            var wanted = change(item);
            if (wanted.Kind == default || (wanted.Kind == OperationKind.Delete && item is null))
            {
                return new UpdateOutcome<T>.Unchanged(item);
            }

            if (await TryWriteAsync(item, wanted, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        throw new StoreException(
            ErrorCode.Throttled, $"Others changed the record first in each of {UpdateOutcome<T>.MaxRounds} rounds; nothing changed.", isTransient: true);
    }

    /// <summary>Returns what became of the update; null where another round is needed, because nothing changed and nothing will.</summary>
    private async ValueTask<UpdateOutcome<T>?> TryWriteAsync(StoreItem<T>? item, Change<T> wanted, CancellationToken cancellationToken)
    {
        var condition = item is null ? WriteCondition.NotExists : WriteCondition.RevisionIs(item.Revision);
        var write = new WriteOptions { Timeout = Remaining() };
        var outcome = wanted.Kind == OperationKind.Put
            ? await store.PutAsync(key, wanted.Value, condition, write, cancellationToken)
            : await store.DeleteAsync(key, condition, write, cancellationToken);
        return outcome switch
        {
            WriteOutcome.Applied applied => Applied(wanted, applied.Revision),
            WriteOutcome.PreconditionFailed => null,
            _ => await SettleAsync(outcome.RequestId, wanted, cancellationToken),
        };
    }

    private async ValueTask<UpdateOutcome<T>?> SettleAsync(RequestId id, Change<T> wanted, CancellationToken cancellationToken)
    {
        try
        {
            // The deadline of the update is used up, as a rule, by the write that got no answer. The question has one of its own.
            var settled = await store.Store.GetOutcomeAsync(key, id, new OutcomeOptions { Timeout = options?.Timeout }, cancellationToken);
            return settled.Status switch
            {
                OutcomeStatus.Applied => Applied(wanted, settled.Result!.Revision),
                OutcomeStatus.Rejected or OutcomeStatus.NeverApplied => null,
                _ => new UpdateOutcome<T>.Unknown(id),
            };
        }
        catch (StoreException)
        {
            return new UpdateOutcome<T>.Unknown(id);
        }
    }

    private UpdateOutcome<T> Applied(Change<T> wanted, Revision revision) =>
        new UpdateOutcome<T>.Applied(wanted.Kind == OperationKind.Put ? new StoreItem<T>(key, revision, wanted.Value) : null, revision);

    /// <summary>What is left of the deadline of the whole update; null where there is none.</summary>
    private TimeSpan? Remaining()
    {
        if (options?.Timeout is not { } timeout)
        {
            return null;
        }

        var left = timeout - Stopwatch.GetElapsedTime(_started);
        return left >= TimeSpan.FromMilliseconds(1)
            ? left
            : throw new StoreException(ErrorCode.Unavailable, "The deadline of the update passed between two rounds; nothing changed.", isTransient: true);
    }
}
