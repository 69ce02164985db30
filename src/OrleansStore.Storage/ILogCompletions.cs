namespace OrleansStore.Storage;

/// <summary>Where the log reports; the engine implements it and hands each report to the mailbox it belongs to.</summary>
/// <remarks>Called on the log's scheduler, never concurrently. Implementations only enqueue: they neither block nor throw.</remarks>
public interface ILogCompletions
{
    /// <summary>One append ended. Per bucket the calls come in the order of the appends.</summary>
    void OnCompleted(in AppendCompletion completion);

    /// <summary>All appends that became durable together were reported: called after one or more calls of <see cref="OnCompleted"/>, before the next write. What these called for
    /// may be put off until now.</summary>
    void OnBatchEnd();

    /// <summary>There is room again after an append was throttled.</summary>
    void OnCapacity();

    /// <summary>A newer writer of this replica was opened in another process: this activation must stop. Appends of it that are under way fail, each with a completion of its own.</summary>
    void OnFenced(BucketId bucket, WriterEpoch writer);

    /// <summary>The storage failed for good; called once, before the failed appends are reported. All replicas on it stop voting and serving (invariant 8).</summary>
    void OnFailed(StoreException reason);
}
