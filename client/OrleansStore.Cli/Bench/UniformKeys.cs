namespace OrleansStore.Cli.Bench;

/// <summary>Chooses all keys alike.</summary>
internal sealed class UniformKeys(int count, IRandomSource random) : IKeyPicker
{
    public int Next() => random.Next(count);
}
