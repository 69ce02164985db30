namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>One operation of the workload in 64 bytes: millions of them stay in memory until they are checked.</summary>
internal struct OperationRecord
{
    /// <summary>When it was sent, in ticks from the beginning of the run.</summary>
    public long Begin;

    /// <summary>When it ended, in ticks; for <see cref="WorkStatus.Unknown"/> when the client went on without knowing.</summary>
    public long End;

    /// <summary>The revision of the answer; for a read that of the record; 0 where none was told.</summary>
    public ulong Revision;

    /// <summary>For <see cref="WorkKind.SwapRevision"/> the revision demanded.</summary>
    public ulong ExpectedRevision;

    /// <summary>The key; for two keys the first.</summary>
    public int Key;

    /// <summary>The second key of <see cref="WorkKind.PutPair"/> and <see cref="WorkKind.Move"/>.</summary>
    public int OtherKey;

    /// <summary>The number of the value that is put under the first key, or was read; see <see cref="WorkValue"/>.</summary>
    public int Value;

    /// <summary>The number of the value that is put under the second key.</summary>
    public int OtherValue;

    /// <summary>For <see cref="WorkKind.SwapValue"/> and <see cref="WorkKind.Move"/> the number of the value demanded.</summary>
    public int ExpectedValue;

    /// <summary>Who sent it.</summary>
    public ushort Client;

    /// <summary>What it is.</summary>
    public WorkKind Kind;

    /// <summary>How it ended.</summary>
    public WorkStatus Status;

    /// <summary>What became of the first change; 0 where that is not known.</summary>
    public OperationOutcome Outcome;

    /// <summary>What became of the second change; 0 where that is not known.</summary>
    public OperationOutcome OtherOutcome;

    /// <summary>The <see cref="ErrorCode"/> of one that is unknown or failed; 0 where it was answered.</summary>
    public byte Error;

    /// <summary>Whether the store answered it, so that its client can go on knowing.</summary>
    public readonly bool IsAnswered => Status is not (WorkStatus.Unknown or WorkStatus.Failed);

    public readonly TimeSpan BeginTime => TimeSpan.FromTicks(Begin);

    public readonly TimeSpan EndTime => TimeSpan.FromTicks(End);
}
