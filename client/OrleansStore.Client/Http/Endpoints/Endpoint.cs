namespace OrleansStore.Client.Http.Endpoints;

/// <summary>One datacenter's address.</summary>
/// <param name="index">Its place in the order of preference, from 0.</param>
/// <param name="address">Scheme and authority.</param>
/// <param name="health">Whether it is worth a request.</param>
internal sealed class Endpoint(int index, Uri address, EndpointHealth health)
{
    // Targets are sent as they are composed: a key is in them byte by byte, and no normalisation may change it.
    private static readonly UriCreationOptions Verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public int Index { get; } = index;

    /// <summary>Scheme and authority without a slash at the end: what every request address begins with.</summary>
    public string Origin { get; } = address.GetLeftPart(UriPartial.Authority);

    public EndpointHealth Health { get; } = health;

    /// <summary>The address of a target.</summary>
    /// <param name="target">Path and query, beginning with a slash, as they are to be sent.</param>
    public Uri Address(string target) => new(string.Concat(Origin, target), Verbatim);
}
