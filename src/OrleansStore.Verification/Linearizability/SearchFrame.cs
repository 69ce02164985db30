namespace OrleansStore.Verification.Linearizability;

/// <summary>One place in the order that the search has built so far: the step that led there and what can still be tried next.</summary>
/// <param name="parent">The place before; null at the start.</param>
/// <param name="step">The step that was put there; null at the start.</param>
/// <param name="state">The state after it.</param>
/// <param name="candidates">The decided steps that may come next; after an uncertain step only the one for which it was placed.</param>
/// <param name="firstByRevision">The first step in the order of revisions that has not been placed.</param>
/// <param name="detours">How many uncertain steps stand before decided ones that did not need them.</param>
internal sealed class SearchFrame(SearchFrame? parent, Step? step, ComponentState state, Step[] candidates, int firstByRevision, int detours)
{
    public SearchFrame? Parent => parent;

    public Step? Step => step;

    public ComponentState State => state;

    public Step[] Candidates => candidates;

    public int FirstByRevision => firstByRevision;

    public int Detours => detours;

    /// <summary>Of an uncertain step: the least revision that it can have had.</summary>
    public ulong LeastRevision { get; init; }

    /// <summary>Whether the candidate that is tried with uncertain steps before it could do without.</summary>
    public bool IsDetour { get; set; }

    /// <summary>How many of the candidates have been tried by themselves.</summary>
    public int Tried { get; set; }

    /// <summary>How many of the candidates have been tried with uncertain steps before them, and how many of those for the next one.</summary>
    public int Helped { get; set; }

    /// <inheritdoc cref="Helped"/>
    public int HelpersTried { get; set; }

    /// <summary>Whether the last step is an uncertain one, which must lead to something.</summary>
    public bool IsPending => step is { Kind: StepKind.Uncertain };
}
