namespace OrleansStore.Verification.Invariants;

/// <summary>An entry of a log, as far as the checkers need it.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Content">A hash over all its bytes.</param>
/// <param name="Mark">What a request is recognised by, the same in all its copies and in its <see cref="RequestAnswered"/>; 0 where the entry carries none that is of interest.</param>
public readonly record struct LogEntry(LogPosition Position, ulong Content, ulong Mark = 0);
