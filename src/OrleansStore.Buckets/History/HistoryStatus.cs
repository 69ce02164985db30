namespace OrleansStore.Buckets.History;

/// <summary>Whether a history could be read.</summary>
public enum HistoryStatus
{
    /// <summary>All events from the asked revision on were available.</summary>
    Available = 1,

    /// <summary>Events from the asked revision on have been dropped: the reader must read the records instead and go on from their revision.</summary>
    Compacted = 2,
}
