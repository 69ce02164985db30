namespace OrleansStore.Silo.Settings;

/// <summary>Flags: <c>--name value</c>, <c>--name=value</c>, and <c>--name</c> alone for switches. Whatever else stands there is a mistake.</summary>
/// <remarks>A parser of our own, since every mistake is to be told at once and in the same words as those of the other sources.</remarks>
internal static class CommandLine
{
    /// <summary>Whether help is asked for; nothing else counts then.</summary>
    public static bool AsksForHelp(IEnumerable<string> arguments) => arguments.Any(argument => argument is "--help" or "-h" or "-?");

    /// <summary>Whether the version is asked for.</summary>
    public static bool AsksForVersion(IEnumerable<string> arguments) => arguments.Contains("--version");

    /// <summary>Reads the flags.</summary>
    public static void Read(IReadOnlyList<string> arguments, RawSettings settings)
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var flag = equals < 0 ? argument : argument[..equals];
            if (SettingDefinitions.All.FirstOrDefault(candidate => candidate.Flag == flag) is not { } definition)
            {
                settings.Mistakes.Add($"{argument} is not a flag of this program.");
                continue;
            }

            if (!seen.Add(flag))
            {
                settings.Mistakes.Add($"{flag} is given more than once.");
            }

            string value;
            if (equals >= 0)
            {
                value = argument[(equals + 1)..];
            }
            else if (definition.IsSwitch)
            {
                value = "true";
            }
            else if (i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                value = arguments[++i];
            }
            else
            {
                settings.Mistakes.Add($"{flag} needs a value: {flag} {definition.Placeholder}.");
                continue;
            }

            settings.Add(definition, new SettingValue(value, flag));
        }
    }
}
