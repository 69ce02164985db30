using System.Collections.Immutable;

namespace OrleansStore.Http.Transactions;

/// <summary>A transaction and where its guards stand in the request.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="GuardPlaces">For each guard the index of the element of <c>guards</c> that it comes from.</param>
internal sealed record ParsedTransaction(Transaction Transaction, ImmutableArray<int> GuardPlaces);
