namespace OrleansStore.Cli.Bench;

/// <summary>Chooses keys by number. Not safe for concurrent use.</summary>
internal interface IKeyPicker
{
    /// <summary>A number in [0, count of keys).</summary>
    int Next();
}
