using OrleansStore.Buckets.History;
using OrleansStore.Buckets.Identity;
using OrleansStore.Buckets.Records;

namespace OrleansStore.Buckets.StateMachine;

/// <content>Building a state from a snapshot. The decoder has checked every item by itself and the order of the items; here is checked what ties them together.</content>
public sealed partial class BucketState
{
    internal static BucketState BeginRestore(BucketLimits limits, ushort featureLevel, WallTime appliedTime, Revision revision) => new(limits)
    {
        FeatureLevel = featureLevel,
        AppliedTime = appliedTime,
        Revision = revision,
    };

    internal void RestoreHorizons(Revision compacted, WallTime keysForgottenThrough)
    {
        Require(Revision.Value <= long.MaxValue, "the revision leaves no room to rise");
        Require(compacted <= Revision, "the compacted revision is above the revision");
        Require(keysForgottenThrough <= AppliedTime, "keys were forgotten in the future");
        _history.RestoreCompacted(compacted);
        _keys.RestoreForgottenThrough(keysForgottenThrough);
    }

    internal void RestoreRecord(PackedRecord record)
    {
        Require(!record.IsTombstone, "a tombstone stands among the records");
        Require(record.ModifyRevision <= Revision, "a record is newer than the revision");
        Require(record.Version <= record.ModifyRevision.Value, "a record was put more often than the revision rose");
        _records.Put(record);
    }

    internal void RestoreSession(SessionItem session)
    {
        Require(session.Id.Created.IsStorable && session.Id.Created > WallTime.Zero, "a session has no creation time");
        Require(session.LastUse <= AppliedTime, "a session was used in the future");
        Require(_sessions.Count < Limits.MaxSessions, "there are more sessions than allowed");
        _sessions.Restore(session);
    }

    internal void RestoreSessionResult(SessionResultItem result, Revision answered)
    {
        Require(answered <= Revision, "an answer is newer than the revision");
        Require(_sessions.ResultCount < Limits.MaxSessionResults, "there are more answers than allowed");
        Require(_sessions.TryRestore(result), "an answer has no place in a session");
    }

    internal void RestoreKey(KeyItem key, Revision answered)
    {
        Require(answered <= Revision, "an answer is newer than the revision");
        Require(key.RememberedAt <= AppliedTime, "a key was remembered in the future");
        Require(_keys.Count < Limits.MaxKeys, "there are more idempotency keys than allowed");
        _keys.Restore(key);
    }

    /// <summary>Adds the next event and shares its record with the live one where they are the same.</summary>
    internal void RestoreEvent(ChangeEvent change, Revision previous)
    {
        Require(change.Revision == previous.Next || (change.Revision == previous && _history.Count > 0), "the history has a gap");
        Require(change.Revision <= Revision, "an event is newer than the revision");
        Require(change.Time <= AppliedTime, "an event lies in the future");
        Require(change.Record.IsTombstone == (change.Kind != ChangeKind.Put), "an event does not fit its record");
        if (_records.Find(ByKey.Of(change.Record.Item)) is { } live && live.ModifyRevision == change.Revision)
        {
            // Within a revision the same key may first have expired.
            change = live == change.Record ? change with { Record = live } : change;
        }

        _history.Append(change);
    }

    internal void EndRestore(Revision lastEvent)
    {
        Require(lastEvent == Revision, "the history does not reach the revision");
        Require(_history.Count <= Limits.MaxHistoryEvents && _history.Bytes <= Limits.MaxHistoryBytes, "the history is longer than allowed");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new CorruptionException($"The parts of a state contradict each other: {otherwise}.");
        }
    }
}
