namespace OrleansStore.Cli.Bench;

/// <summary>Which keys are used how often.</summary>
internal enum KeyDistribution
{
    /// <summary>All alike.</summary>
    Uniform = 1,

    /// <summary>The n-th key in proportion to 1/n^0.99: few are used much, most are used little.</summary>
    Zipf = 2,
}
