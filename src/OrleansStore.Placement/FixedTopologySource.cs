namespace OrleansStore.Placement;

/// <summary>A topology that was agreed at first creation and does not change.</summary>
/// <param name="topology">What <see cref="Current"/> returns for ever.</param>
public sealed class FixedTopologySource(Topology topology) : ITopologySource
{
    /// <inheritdoc/>
    public Topology Current { get; } = topology ?? throw new ArgumentNullException(nameof(topology));

    /// <summary>Does nothing: there is no later topology to tell of.</summary>
    /// <returns>A subscription whose disposal does nothing.</returns>
    public IDisposable Subscribe(ITopologyObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return NoSubscription.Instance;
    }

    private sealed class NoSubscription : IDisposable
    {
        public static readonly NoSubscription Instance = new();

        public void Dispose()
        {
            // Nothing was subscribed to.
        }
    }
}
