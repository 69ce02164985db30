namespace OrleansStore.Placement;

/// <summary>Is told when the topology changes.</summary>
public interface ITopologyObserver
{
    /// <summary>A topology of a higher epoch is in force; <see cref="ITopologySource.Current"/> already returns it, or a later one.</summary>
    /// <param name="topology">The new topology. Epochs between the last one told and this one may have been passed over.</param>
    void OnTopologyChanged(Topology topology);
}
