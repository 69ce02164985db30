namespace OrleansStore;

/// <summary>What a read may miss. The values stand on the wire: append only, 0 is never valid.</summary>
public enum ReadConsistency : byte
{
    /// <summary>The read sees every write that was answered before it began.</summary>
    Linearizable = 1,

    /// <summary>The read is answered by the replica at hand from what it has applied.</summary>
    Eventual = 2,
}
