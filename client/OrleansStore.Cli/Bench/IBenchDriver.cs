namespace OrleansStore.Cli.Bench;

/// <summary>Sends the requests of callers.</summary>
internal interface IBenchDriver : IDisposable
{
    /// <summary>Runs all callers at once until each has done its work. What fails is told to the caller, and is no exception.</summary>
    Task RunAsync(IReadOnlyList<ICallerScript> callers);
}
