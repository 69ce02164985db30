using System.Collections.Immutable;
using OrleansStore.Cli.Keys;

namespace OrleansStore.Cli.Transactions;

/// <summary>A transaction, and which part of what was asked for each of its guards comes from.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Places">For each guard the number, from 0, of the element it stands in: an element may state several conditions.</param>
internal sealed record ParsedTransaction(Transaction Transaction, ImmutableArray<int> Places)
{
    /// <summary>A key of it; all of them share a bucket.</summary>
    public StoreKey Key => Transaction.Operations.Length > 0 ? Transaction.Operations[0].Key : Transaction.Guards[0].Key;

    /// <summary>Says which guard failed, as a sentence.</summary>
    /// <param name="index">Its number among the guards of <see cref="Transaction"/>; null where the store does not say.</param>
    public string Describe(int? index)
    {
        var guards = Transaction.Guards;
        index ??= guards.Length == 1 ? 0 : null;
        if (index is not { } failed || failed >= guards.Length)
        {
            return "A guard does not hold.";
        }

        var guard = guards[failed];
        var demand = guard.Kind switch
        {
            GuardKind.Exists => "exists",
            GuardKind.NotExists => "does not exist",
            GuardKind.RevisionIn => $"has revision {guard.Revisions[0].Value}",
            _ => "has the given value",
        };
        return $"Guard {Places[failed]} does not hold: that {KeyText.Show(guard.Key)} {demand}.";
    }
}
