using OrleansStore.Cli.Bench;

namespace OrleansStore.Cli.Tests.Bench;

/// <summary>Small benchmarks.</summary>
internal static class Plans
{
    public static BenchPlan Of(BenchMix mix) => new()
    {
        Mix = mix,
        ReadRatio = 0.5,
        Distribution = KeyDistribution.Uniform,
        KeyCount = 1000,
        KeyPrefix = "p/"u8.ToArray(),
        Callers = 1,
        Connections = 1,
        ValueBytes = 3,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromMilliseconds(100),
        Endpoints = [new Uri("http://127.0.0.1:1")],
        Timeout = TimeSpan.FromSeconds(5),
        Driver = BenchDriverKind.Wire,
        Seed = 1,
    };
}
