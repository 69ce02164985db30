namespace OrleansStore.Storage.Databases;

/// <summary>Hears what came of each bucket's part of a flush, before those who queued it do. Called by the log's loop.</summary>
internal interface IFlushObserver
{
    /// <summary>The change is durable.</summary>
    void OnDurable(BucketChange change);

    /// <summary>The writer was superseded, and its change is without effect, or precedes everything of the newer writer.</summary>
    void OnFenced(ReplicaWriter writer);
}
