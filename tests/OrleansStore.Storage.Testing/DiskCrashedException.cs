namespace OrleansStore.Storage.Testing;

/// <summary>The disk's machine lost power, or its process was killed; nothing answers until <see cref="MemoryDisk"/> is started again.</summary>
public sealed class DiskCrashedException : IOException
{
    /// <summary>Creates the exception.</summary>
    public DiskCrashedException()
        : base("The simulated machine is down.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public DiskCrashedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What led here.</param>
    public DiskCrashedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
