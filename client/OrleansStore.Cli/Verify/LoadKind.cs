namespace OrleansStore.Cli.Verify;

/// <summary>How much clients do where no rate is given.</summary>
internal enum LoadKind
{
    /// <summary>Half of what they can, which is measured first.</summary>
    Half = 1,

    /// <summary>As much as they can.</summary>
    Full = 2,
}
