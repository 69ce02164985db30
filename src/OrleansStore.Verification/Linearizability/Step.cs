using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Linearizability;

/// <summary>One operation of a component in the form that the search works on.</summary>
internal sealed record Step
{
    public required StepKind Kind { get; init; }

    public required ClientOperation Operation { get; init; }

    /// <summary>The keys it reads, tests or changes, each once.</summary>
    public required int[] Keys { get; init; }

    public Condition[] Conditions { get; init; } = [];

    public Change[] Changes { get; init; } = [];

    /// <summary>The condition that the answer of a rejected transaction names; null where it names none.</summary>
    public int? FailedCondition { get; init; }

    /// <summary>What a read saw; 0 for no record.</summary>
    public int Content { get; init; }

    /// <summary>The modify revision that a read saw; 0 where it is not known.</summary>
    public ulong RecordRevision { get; init; }

    /// <summary>The bucket's revision in the answer; 0 where it is not known.</summary>
    public ulong Revision { get; init; }

    /// <summary>The place in its component: first the decided steps, then the uncertain ones, each by begin.</summary>
    public int Index { get; set; }

    /// <summary>Equal for uncertain steps of which one is as good as another; 0 for steps that are like no other.</summary>
    public int Class { get; set; }

    public TimeSpan Begin => Operation.Begin;

    /// <summary>Until when it has taken effect; the end of time for an uncertain step.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>Whether it is known to have changed a record, so that its revision is its own. (A transaction that finds nothing to delete is not called applied.)</summary>
    public bool IsChange => Kind == StepKind.Applied && Changes.Length > 0;

    public bool Touches(Step other) => Array.Exists(Keys, key => Array.IndexOf(other.Keys, key) >= 0);

    public bool ChangesAny(int[] keys) => HasEffect && Array.Exists(Changes, change => Array.IndexOf(keys, change.Key) >= 0);

    public bool ChangesAllOf(Step other) => HasEffect && Array.TrueForAll(other.Changes, theirs => Array.Exists(Changes, change => change.Key == theirs.Key));

    // A transaction that was rejected, or found nothing to delete, has changes in its request only.
    private bool HasEffect => Kind is StepKind.Applied or StepKind.Uncertain;
}
