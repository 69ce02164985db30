namespace OrleansStore.Service.Wire;

/// <summary>A payload is of a kind or format version, or holds a type or status, that this version does not know: a newer peer sent it. It is dropped and
/// logged; the connection stays. (A new format is written only after every member can read it, invariant 13, so this points to a peer that does not keep to that.)</summary>
public sealed class UnknownPayloadException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public UnknownPayloadException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    public UnknownPayloadException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is not known.</param>
    /// <param name="innerException">What led here.</param>
    public UnknownPayloadException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
