using OrleansStore.Verification.Invariants;

namespace OrleansStore.Verification.Tests.Invariants;

/// <summary>Events of one bucket's logs in few words.</summary>
internal static class LogEvents
{
    public static readonly BucketId Bucket = new(3);

    public static ReplicaId Replica(int number) => ReplicaId.Create((ushort)number, 1);

    public static LogPosition At(ulong index, ulong term) => new(new LogIndex(index), new Term(term));

    /// <summary>An entry whose content is told by its position alone, as log matching wants it.</summary>
    public static LogEntry Entry(ulong index, ulong term, ulong mark = 0) => new(At(index, term), (index * 1000) + term, mark);

    public static AppendQueued Append(int replica, long number, ulong term, params LogEntry[] entries) =>
        new(Bucket, Replica(replica), number, new DurableVote(new Term(term), ReplicaId.None), null, entries, null);

    public static ReplicaRecovered Recovered(int replica, ulong term, LogPosition compacted, params LogEntry[] entries) =>
        new(Bucket, Replica(replica), true, new DurableVote(new Term(term), ReplicaId.None), compacted, entries, null);

    public static VoterSet Voters(params int[] numbers) => new([.. numbers.Select(Replica)], []);
}
