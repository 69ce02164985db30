namespace OrleansStore.Buckets.Snapshots;

/// <summary>An encoded state is of a format or feature level that this version does not know (invariant 13).</summary>
public sealed class UnknownStateFormatException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public UnknownStateFormatException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    public UnknownStateFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    /// <param name="innerException">What led here.</param>
    public UnknownStateFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
