using System.CommandLine;

namespace OrleansStore.Cli.Sessions;

/// <summary>An option with a default, which its description tells in the words in which it would be typed.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
internal sealed class DefaultedOption<T> : Option<T?>
    where T : struct
{
    private readonly T _byDefault;

    public DefaultedOption(string name, string description, T byDefault, string defaultText)
        : base(name)
    {
        Description = $"{description} Default {defaultText}.";
        _byDefault = byDefault;
    }

    /// <summary>What was given, or the default.</summary>
    public T Read(ParseResult arguments) => arguments.GetValue(this) ?? _byDefault;

    /// <summary>Whether it was given.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(this) is not null;
}
