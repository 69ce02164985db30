using System.Collections;
using System.Reflection;

namespace OrleansStore.Silo.Settings;

/// <summary>Reads the settings: a flag counts more than a variable, a variable more than the file.</summary>
internal static class SettingsReader
{
    /// <summary>Reads and checks all settings.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="variables">The environment.</param>
    /// <param name="file">The path of <c>appsettings.json</c>; it need not exist.</param>
    public static SettingsReading Read(IReadOnlyList<string> arguments, IDictionary variables, string file)
    {
        if (CommandLine.AsksForHelp(arguments))
        {
            return new SettingsReading(null, null, HelpText.Create());
        }

        if (CommandLine.AsksForVersion(arguments))
        {
            return new SettingsReading(null, null, $"OrleansStore {Version()}");
        }

        var raw = new RawSettings();
        CommandLine.Read(arguments, raw);
        EnvironmentVariables.Read(variables, raw);
        SettingsFile.Read(file, raw);
        var settings = new SettingsBinder(raw).Bind();
        return raw.Mistakes.Count == 0 ? new SettingsReading(settings, null, null) : new SettingsReading(null, Complain(raw.Mistakes), null);
    }

    private static string Complain(List<string> mistakes) => mistakes.Count == 1
        ? $"{mistakes[0]} See --help."
        : $"{mistakes.Count} mistakes in the settings (see --help):{string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}- {mistake}"))}";

    // Without the hash of the commit, which builds append after a plus sign.
    private static string Version() =>
        typeof(SettingsReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
