namespace OrleansStore.Silo.Settings;

/// <summary>The values that were given, each from the source that counts, and the mistakes seen so far.</summary>
internal sealed class RawSettings
{
    private readonly Dictionary<string, SettingValue> _values = [];

    /// <summary>One sentence per mistake, in the order they were seen.</summary>
    public List<string> Mistakes { get; } = [];

    /// <summary>Takes a value unless a source that counts more gave one: sources are read from the strongest to the weakest.</summary>
    public void Add(SettingDefinition definition, SettingValue value) => _values.TryAdd(definition.Name, value);

    /// <summary>The value of a setting; null if it was not given.</summary>
    public SettingValue? Find(SettingDefinition definition) => _values.TryGetValue(definition.Name, out var value) ? value : null;
}
