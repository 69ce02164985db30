namespace OrleansStore.Cli.Bench;

/// <summary>One request.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Key">The number of the key.</param>
/// <param name="Revision">The condition of a <see cref="BenchOperation.ConditionalPut"/>; else 0.</param>
internal readonly record struct BenchRequest(BenchOperation Operation, int Key, ulong Revision = 0);
