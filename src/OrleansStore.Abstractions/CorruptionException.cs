namespace OrleansStore;

/// <summary>Bytes on disk or from a peer are not what was written: a checksum, length, version or identity does not fit.</summary>
/// <remarks>Such bytes are never served. A torn tail of a log, which a crash leaves, is not corruption.</remarks>
public sealed class CorruptionException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public CorruptionException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is damaged.</param>
    public CorruptionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is damaged.</param>
    /// <param name="innerException">What led here.</param>
    public CorruptionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception for a place in a file.</summary>
    /// <param name="file">The path of the damaged file.</param>
    /// <param name="offset">Where in the file the damaged structure starts, in bytes.</param>
    /// <param name="expected">What should stand there.</param>
    /// <param name="actual">What stands there.</param>
    public CorruptionException(string file, long offset, string expected, string actual)
        : base($"{file} is damaged at offset {offset}: expected {expected}, found {actual}")
    {
        File = file;
        Offset = offset;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The path of the damaged file; null where the bytes did not come from a file.</summary>
    public string? File { get; }

    /// <summary>Where in <see cref="File"/> the damaged structure starts, in bytes.</summary>
    public long Offset { get; }

    /// <summary>What should stand there; null where the bytes did not come from a file.</summary>
    public string? Expected { get; }

    /// <summary>What stands there; null where the bytes did not come from a file.</summary>
    public string? Actual { get; }
}
