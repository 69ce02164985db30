using System.Text;

namespace OrleansStore.Silo.Settings;

/// <summary>One setting, under its three names.</summary>
/// <param name="Name">As in <c>appsettings.json</c>, such as <c>HttpPort</c>.</param>
/// <param name="Placeholder">What stands for the value in the help; empty for a switch, which is given without a value.</param>
/// <param name="Description">One sentence for the help.</param>
internal sealed record SettingDefinition(string Name, string Placeholder, string Description)
{
    /// <summary>What the names of environment variables start with.</summary>
    public const string EnvironmentPrefix = "ORLEANSSTORE__";

    /// <summary>As a flag, such as <c>--http-port</c>.</summary>
    public string Flag { get; } = FlagOf(Name);

    /// <summary>As an environment variable, such as <c>ORLEANSSTORE__HTTPPORT</c>.</summary>
    public string Variable { get; } = EnvironmentPrefix + Name.ToUpperInvariant();

    /// <summary>Whether the flag alone means true.</summary>
    public bool IsSwitch => Placeholder.Length == 0;

    private static string FlagOf(string name)
    {
        var flag = new StringBuilder("-");
        foreach (var letter in name)
        {
            flag.Append(char.IsUpper(letter) ? "-" : string.Empty).Append(char.ToLowerInvariant(letter));
        }

        return flag.ToString();
    }
}
