using System.CommandLine;

namespace OrleansStore.Cli.Sessions;

/// <summary>Options that are points in time, as RFC 3339 writes them.</summary>
internal static class TimeOption
{
    /// <summary>Creates an option without a default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it is.</param>
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "WHEN",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (WallTime.TryParse(text, out var time))
            {
                return DateTimeOffset.FromUnixTimeMilliseconds(time.UnixMilliseconds);
            }

            result.AddError($"{name} is '{text}'; it must be a time since 1970, as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00.");
            return null;
        },
    };

    /// <summary>Writes a time so that an option takes it: in UTC, cut to milliseconds.</summary>
    public static string Show(DateTimeOffset time) => new WallTime(time.ToUnixTimeMilliseconds()).ToString();
}
