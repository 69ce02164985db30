namespace OrleansStore;

/// <summary>The environment refuses what was asked: storage failed, a folder is in use, no quorum. Expected outcomes are statuses, not exceptions.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception with <see cref="ErrorCode.Unavailable"/> and no message.</summary>
    public StoreException()
        : this(ErrorCode.Unavailable, "The store is unavailable.")
    {
    }

    /// <summary>Creates the exception with <see cref="ErrorCode.Unavailable"/>.</summary>
    /// <param name="message">What failed.</param>
    public StoreException(string message)
        : this(ErrorCode.Unavailable, message)
    {
    }

    /// <summary>Creates the exception with <see cref="ErrorCode.Unavailable"/>.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="innerException">What led here.</param>
    public StoreException(string message, Exception innerException)
        : this(ErrorCode.Unavailable, message, innerException: innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="code">The stable code.</param>
    /// <param name="message">What failed, with the values that tell why.</param>
    /// <param name="isTransient">Whether the same operation may succeed later without anybody's help.</param>
    /// <param name="innerException">What led here; null if nothing did.</param>
    public StoreException(ErrorCode code, string message, bool isTransient = false, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        IsTransient = isTransient;
    }

    /// <summary>The stable code.</summary>
    public ErrorCode Code { get; }

    /// <summary>Whether the same operation may succeed later without anybody's help. Where false, a restart or an operator is needed.</summary>
    public bool IsTransient { get; }
}
