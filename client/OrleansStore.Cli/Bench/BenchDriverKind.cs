namespace OrleansStore.Cli.Bench;

/// <summary>How the requests of a benchmark are sent.</summary>
internal enum BenchDriverKind
{
    /// <summary>HTTP as bytes over connections of its own: measures the store. No request is sent twice, so every failure is seen.</summary>
    Wire = 1,

    /// <summary>The .NET client library, with its retries: measures what a program gets.</summary>
    Client = 2,
}
