namespace OrleansStore.Storage.Databases;

/// <summary>That one silo of several holds the links of their datacenter, from <see cref="DatabaseHome.TryHoldLinksAsync"/> on. Safe for concurrent use.</summary>
public sealed class LinkHolding
{
    private readonly SiloClaim _claim;

    internal LinkHolding(SiloClaim claim, ClaimTerm term, long number)
    {
        _claim = claim;
        Term = term;
        Number = number;
    }

    /// <summary>Rises from holder to holder.</summary>
    public long Number { get; }

    /// <summary>Whether this silo knows that its claim was lost, and the links with it. One that cannot reach the database does not know: it goes on, and what it does without a claim is harmless, for
    /// every replica has a claim of its own to ask, and the formation record is not replaced without one.</summary>
    public bool IsOver => !ReferenceEquals(_claim.Term, Term);

    internal ClaimTerm Term { get; }
}
