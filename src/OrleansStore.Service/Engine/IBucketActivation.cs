namespace OrleansStore.Service.Engine;

/// <summary>The right of this process to have one bucket in memory, from <see cref="IActivationGate.EnterAsync"/> to <see cref="Leave"/>.</summary>
public interface IBucketActivation
{
    /// <summary>The bucket is out of memory and its log is closed: it sleeps, it was sent away, or it failed. Called once; neither blocks nor throws.</summary>
    void Leave();
}
