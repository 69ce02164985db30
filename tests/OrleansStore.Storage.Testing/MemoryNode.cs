namespace OrleansStore.Storage.Testing;

/// <summary>A file or directory of a <see cref="MemoryDisk"/>, in two states: as programs see it, and as it is on the platter.</summary>
internal abstract class MemoryNode
{
    /// <summary>Power fails: what was not synced is lost as told, and what is left is what programs see next.</summary>
    public abstract void Crash(CrashLoss loss, Prng random);

    /// <summary>A copy in which everything is durable.</summary>
    public abstract MemoryNode Clone();
}
