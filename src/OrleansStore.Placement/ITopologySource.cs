namespace OrleansStore.Placement;

/// <summary>Where a process learns the topology that is in force: agreed at first creation, and from then on replaced only by one of a higher epoch.</summary>
/// <remarks>Nothing reads datacenters or policy from configuration after the first start; they come from here. Implementations are called and call back
/// in the turn of whoever drives them; they start no thread.</remarks>
public interface ITopologySource
{
    /// <summary>The newest topology this process knows. Its epoch never falls from one reading to the next.</summary>
    Topology Current { get; }

    /// <summary>Has <paramref name="observer"/> told of each later topology; of <see cref="Current"/> it is not told.</summary>
    /// <returns>Disposing it ends the notifications; once that returned, none follows. Disposing it twice does nothing.</returns>
    IDisposable Subscribe(ITopologyObserver observer);
}
