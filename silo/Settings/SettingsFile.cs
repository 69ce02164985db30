using System.Text.Json;

namespace OrleansStore.Silo.Settings;

/// <summary>The section <c>OrleansStore</c> of a JSON file: strings, numbers, booleans, and for the peers an object of name and endpoint. Comments are allowed; other sections are not looked at.</summary>
internal static class SettingsFile
{
    private const string Section = "OrleansStore";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; one that is not there says nothing.</summary>
    public static void Read(string path, RawSettings settings)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                settings.Mistakes.Add($"{path} holds {document.RootElement.ValueKind}; it must hold an object.");
            }
            else if (document.RootElement.TryGetProperty(Section, out var section))
            {
                ReadSection(path, section, settings);
            }
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            settings.Mistakes.Add($"{path} cannot be read: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            // The parser takes text that is no Unicode, and says so when that is asked for.
            settings.Mistakes.Add($"{path} holds a text that cannot be read: {exception.Message}");
        }
    }

    private static void ReadSection(string path, JsonElement section, RawSettings settings)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            settings.Mistakes.Add($"{path}: {Section} is {section.ValueKind}; it must be an object.");
            return;
        }

        foreach (var property in section.EnumerateObject())
        {
            if (SettingDefinitions.All.FirstOrDefault(candidate => candidate.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is not { } definition)
            {
                settings.Mistakes.Add($"{path}: {Section}:{property.Name} is not a setting of this program.");
            }
            else if (TextOf(property.Value, definition) is { } text)
            {
                settings.Add(definition, new SettingValue(text, $"{Section}:{definition.Name}"));
            }
            else
            {
                settings.Mistakes.Add($"{path}: {Section}:{property.Name} is {property.Value.ValueKind}, which this setting cannot be.");
            }
        }
    }

    private static string? TextOf(JsonElement value, SettingDefinition definition) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object when definition == SettingDefinitions.Peers && value.EnumerateObject().All(peer => peer.Value.ValueKind == JsonValueKind.String) =>
            string.Join(',', value.EnumerateObject().Select(peer => $"{peer.Name}={peer.Value.GetString()}")),
        _ => null,
    };
}
