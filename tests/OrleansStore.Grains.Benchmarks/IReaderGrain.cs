namespace OrleansStore.Grains.Benchmarks;

/// <summary>A grain of an application that reads the store of its own silo.</summary>
public interface IReaderGrain : IGrainWithIntegerKey
{
    /// <summary>Reads records one after the other, each linearizably.</summary>
    /// <param name="count">How many reads.</param>
    /// <param name="keys">How many keys there are to draw from.</param>
    /// <exception cref="InvalidOperationException">A record was missing.</exception>
    Task ReadAsync(int count, int keys);
}
