namespace OrleansStore.Cli.Bench;

/// <summary>What one request does.</summary>
internal enum BenchOperation
{
    Get = 1,

    Put = 2,

    /// <summary>A put on the condition that the record has a given revision; of 0, that there is none.</summary>
    ConditionalPut = 3,
}
