namespace OrleansStore.Cli.Status;

/// <summary>What asking one endpoint came to.</summary>
/// <param name="Address">The endpoint.</param>
/// <param name="Status">Its answer; null where there is none.</param>
/// <param name="Problem">Why there is none; null where there is one.</param>
internal sealed record EndpointStatus(Uri Address, DatacenterStatus? Status, string? Problem)
{
    /// <summary>Scheme and authority: what people call it.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);
}
