namespace OrleansStore.Cli.Sessions;

/// <summary>Why a command failed.</summary>
/// <param name="Exit">Its exit code.</param>
/// <param name="Code">A stable name.</param>
/// <param name="Message">What failed, and where.</param>
/// <param name="Hint">What to try; null where the message says it all.</param>
internal sealed record Failure(ExitCode Exit, string Code, string Message, string? Hint = null);
