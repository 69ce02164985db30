namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>Decides what one client does next, from a seed and from what the client saw. Not safe for concurrent use.</summary>
internal sealed class WorkScript(ushort client, KeyFamilies families, SplitMix64 random, Func<int> nextValue)
{
    // Out of 100. Reads see what writes did; unconditional writes are most of the rest; the conditional ones mostly act on what the client saw last.
    private const int Gets = 40;
    private const int Puts = 20;
    private const int PutsIfAbsent = 8;
    private const int Deletes = 8;
    private const int Pairs = 6;

    // Out of 100 conditional writes: those that act on the key that was seen last, however much it is used besides.
    private const int Followed = 70;

    private static readonly WorkKind[] Guarded = [WorkKind.SwapRevision, WorkKind.SwapValue, WorkKind.Move];

    private (int Key, int Value, ulong Revision) _seen;

    /// <summary>Draws the next operation. Begin, end and answer are not set.</summary>
    public OperationRecord Next()
    {
        var kind = DrawKind();
        var key = Follows(kind) ? _seen.Key : (families.Draw(random) * KeyFamilies.Size) + random.Next(KeyFamilies.Size);
        var operation = new OperationRecord { Client = client, Kind = kind, Key = key };
        if (kind is not (WorkKind.Get or WorkKind.Delete or WorkKind.Move))
        {
            operation.Value = nextValue();
        }

        if (kind is WorkKind.PutPair or WorkKind.Move)
        {
            var place = key % KeyFamilies.Size;
            operation.OtherKey = key - place + ((place + 1 + random.Next(KeyFamilies.Size - 1)) % KeyFamilies.Size);
            operation.OtherValue = nextValue();
        }

        (operation.ExpectedRevision, operation.ExpectedValue) = kind switch
        {
            WorkKind.SwapRevision => (_seen.Revision, 0),
            WorkKind.SwapValue or WorkKind.Move => (0UL, _seen.Value),
            _ => default,
        };
        return operation;
    }

    /// <summary>Takes note of an answer: what is known of a record, later conditions build on.</summary>
    public void Observe(in OperationRecord operation)
    {
        if (operation.Status is WorkStatus.Found or WorkStatus.Applied && operation.Value > 0)
        {
            _seen = (operation.Key, operation.Value, operation.Revision);
        }
    }

    /// <summary>Draws whether something happens that does so in this many cases out of 100.</summary>
    public bool Draw(int chances) => random.Next(100) < chances;

    private WorkKind DrawKind()
    {
        var drawn = random.Next(100);
        if (drawn < Gets)
        {
            return WorkKind.Get;
        }

        drawn -= Gets;
        var kind = drawn < Puts ? WorkKind.Put
            : drawn < Puts + PutsIfAbsent ? WorkKind.PutIfAbsent
            : drawn < Puts + PutsIfAbsent + Deletes ? WorkKind.Delete
            : drawn < Puts + PutsIfAbsent + Deletes + Pairs ? WorkKind.PutPair
            : Guarded[random.Next(Guarded.Length)];
        return NeedsSight(kind) && _seen.Value == 0 ? WorkKind.Get : kind;
    }

    private bool Follows(WorkKind kind) => NeedsSight(kind) && random.Next(100) < Followed;

    private static bool NeedsSight(WorkKind kind) => kind is WorkKind.SwapRevision or WorkKind.SwapValue or WorkKind.Move;
}
