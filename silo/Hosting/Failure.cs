namespace OrleansStore.Silo.Hosting;

/// <summary>What is told, and returned, of an exception that ends the process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Message">One paragraph for the operator.</param>
internal readonly record struct Failure(ExitCode Code, string Message)
{
    /// <summary>Says what an exception means for whoever started the process.</summary>
    /// <param name="exception">What ended a datacenter or kept it from starting.</param>
    /// <param name="isStarting">Whether it kept one from starting: then a refused argument came from the settings. Later it is a fault of the program.</param>
    public static Failure Of(Exception exception, bool isStarting) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } aggregate => Of(aggregate.InnerException!, isStarting),
        CorruptionException { File: not null } => new Failure(
            ExitCode.DamagedData,
            $"Damaged data: {exception.Message}. Nothing of it was served. If the other datacenters are well, remove this datacenter's folder and it joins them anew; else restore it."),
        CorruptionException => new Failure(ExitCode.DamagedData, $"Damaged data: {exception.Message}."),
        StoreException { Code: ErrorCode.DataFolderInUse } => new Failure(ExitCode.DataFolderInUse, exception.Message),
        StoreException { Code: ErrorCode.IdentityMismatch } => new Failure(ExitCode.BadSettings, exception.Message),
        ArgumentException when isStarting => new Failure(ExitCode.BadSettings, exception.Message),
        StoreException or IOException or UnauthorizedAccessException => new Failure(ExitCode.Failed, exception.Message),
        _ => new Failure(ExitCode.Failed, $"A fault of the program: {exception}"),
    };
}
