using System.Globalization;

namespace OrleansStore.Cli.Sessions;

/// <summary>Options that are lengths of time: <c>500ms</c>, <c>2.5s</c>, <c>10m</c>, <c>1h</c>; a bare number is seconds.</summary>
internal static class DurationOption
{
    private static readonly (string Suffix, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    /// <summary>Creates an option.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is.</param>
    /// <param name="byDefault">Where it is not given.</param>
    /// <param name="min">The shortest value taken.</param>
    /// <param name="max">The longest value taken.</param>
    public static DefaultedOption<TimeSpan> Create(string name, string description, TimeSpan byDefault, TimeSpan min, TimeSpan max) => new(name, description, byDefault, Show(byDefault))
    {
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParse(text, out var value) && value >= min && value <= max)
            {
                return value;
            }

            result.AddError($"{name} is '{text}'; it must be a time from {Show(min)} to {Show(max)}, as 500ms, 2.5s or 1m.");
            return default;
        },
    };

    /// <summary>Reads a length of time that is not negative.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        foreach (var (suffix, seconds) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal) &&
                double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) &&
                number * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                value = TimeSpan.FromSeconds(number * seconds);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Writes a length of time in the largest unit of which it is a whole number, at most minutes.</summary>
    public static string Show(TimeSpan time) => time.TotalMinutes >= 1 && time.TotalMinutes % 1 == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes}m")
        : time.TotalSeconds >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.###}ms");
}
