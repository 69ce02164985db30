namespace OrleansStore.Cli;

/// <summary>The arguments ask for something that makes no sense. The message says what, and what would.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
