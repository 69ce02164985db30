namespace OrleansStore.Diagnostics;

/// <summary>A bug of ours was caught: the replica that threw this must stop, because what it holds can no longer be trusted.</summary>
public sealed class InvariantViolationException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public InvariantViolationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The condition that failed and the values that tell why.</param>
    public InvariantViolationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The condition that failed and the values that tell why.</param>
    /// <param name="innerException">What led here.</param>
    public InvariantViolationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
