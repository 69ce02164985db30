using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OrleansStore.Cli.Sessions;

/// <summary>Options that are whole numbers of a range.</summary>
internal static class CountOption
{
    public static DefaultedOption<int> Create(string name, string description, int byDefault, int min, int max) =>
        new(name, description, byDefault, byDefault.ToString(CultureInfo.InvariantCulture)) { HelpName = "COUNT", CustomParser = result => Parse(result, name, min, max) };

    /// <summary>An option without a default.</summary>
    public static Option<int?> CreateOptional(string name, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = "COUNT",
        CustomParser = result => Parse(result, name, min, max),
    };

    private static int? Parse(ArgumentResult result, string name, int min, int max)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a whole number from {min} to {max}."));
        return null;
    }
}
