namespace OrleansStore.Buckets.Commands;

/// <summary>A committed command is of a format, kind or level that this version does not know: the replica stops, because skipping it would make it differ from the others (invariant 13).</summary>
public sealed class UnknownCommandException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public UnknownCommandException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    public UnknownCommandException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    /// <param name="innerException">What led here.</param>
    public UnknownCommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
