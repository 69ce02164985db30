using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>A history whose verdict is known.</summary>
internal sealed record KnownHistory(string Name, bool IsLinearizable, params ClientOperation[] Operations);
