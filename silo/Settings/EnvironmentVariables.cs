using System.Collections;

namespace OrleansStore.Silo.Settings;

/// <summary>Variables whose names start with <see cref="SettingDefinition.EnvironmentPrefix"/>, in any case. One that is none of ours is a mistake: most likely a slip of the pen.</summary>
internal static class EnvironmentVariables
{
    /// <summary>Reads them.</summary>
    public static void Read(IDictionary variables, RawSettings settings)
    {
        var named = variables.Cast<DictionaryEntry>()
            .Select(entry => (Name: (string)entry.Key, Text: (string?)entry.Value ?? string.Empty))
            .Where(variable => variable.Name.StartsWith(SettingDefinition.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal);
        foreach (var (name, text) in named)
        {
            if (SettingDefinitions.All.FirstOrDefault(candidate => candidate.Variable.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } definition)
            {
                settings.Add(definition, new SettingValue(text, name));
            }
            else
            {
                settings.Mistakes.Add($"The environment variable {name} is not a setting of this program.");
            }
        }
    }
}
