using OrleansStore.Buckets.History;

namespace OrleansStore.Buckets.StateMachine;

/// <summary>What a command did.</summary>
/// <param name="Write">The answer to a transaction; null for other commands.</param>
/// <param name="Outcome">The answer to an outcome query; null for other commands.</param>
/// <param name="IsRepeat">Whether <paramref name="Write"/> is the answer that an earlier copy of the request got: the transaction did nothing now.</param>
/// <param name="Events">The changes of the command in order, expirations first. The memory belongs to the state, and is valid until its next command.</param>
public readonly record struct ApplyResult(WriteResult? Write, OutcomeResult? Outcome, bool IsRepeat, ReadOnlyMemory<ChangeEvent> Events);
