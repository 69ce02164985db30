using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Nemesis;

/// <summary>A cluster that somebody else runs: it is watched under load, and nothing is done to it.</summary>
/// <param name="endpoints">The HTTP address of each of its datacenters; at least one.</param>
public sealed class AttachedCluster(IReadOnlyList<Uri> endpoints) : IFaultTarget
{
    /// <inheritdoc/>
    public string Description => $"a running cluster of {endpoints.Count} datacenters: {string.Join(", ", endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority)))}";

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Endpoints => endpoints;

    /// <inheritdoc/>
    public IReadOnlyDictionary<FaultKind, string> Omitted { get; } = Enum.GetValues<FaultKind>()
        .ToDictionary(kind => kind, _ => "the cluster is not this tool's: its processes and links are not touched");

    /// <inheritdoc/>
    public IReadOnlyList<string> FindComplaints() => [];

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always.</exception>
    public Task InjectAsync(FaultEvent fault, CancellationToken cancellationToken) => throw new NotSupportedException("Nothing is done to a cluster of somebody else.");

    /// <inheritdoc/>
    public Task HealAsync(FaultEvent fault) => Task.CompletedTask;
}
