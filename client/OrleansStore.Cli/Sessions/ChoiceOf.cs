using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace OrleansStore.Cli.Sessions;

/// <summary>Options and arguments that are one of a few words: the names of an enumeration, in lower case with hyphens.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal static class ChoiceOf<T>
    where T : struct, Enum
{
    private static readonly (string Word, T Value)[] Choices = [.. Enum.GetValues<T>().Select(value => (WordOf(value), value))];

    private static string Words => string.Join('|', Choices.Select(choice => choice.Word));

    public static DefaultedOption<T> Option(string name, string description, T byDefault)
    {
        var option = new DefaultedOption<T>(name, description, byDefault, WordOf(byDefault)) { HelpName = Words, CustomParser = result => Parse(name, result) };
        Complete(option.CompletionSources);
        return option;
    }

    public static Argument<T> Argument(string name, string description)
    {
        var argument = new Argument<T>(name) { Description = description, HelpName = Words, CustomParser = result => Parse(name, result) };
        Complete(argument.CompletionSources);
        return argument;
    }

    /// <summary>The word for a value.</summary>
    public static string WordOf(T value) =>
        string.Concat(value.ToString().Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));

    private static T Parse(string name, ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        foreach (var (word, value) in Choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        result.AddError($"{name} is '{text}'; it must be one of {string.Join(", ", Choices.Select(choice => choice.Word))}.");
        return default;
    }

    // The names of the enumeration itself, which the library would offer, are not what is typed.
    private static void Complete(List<Func<CompletionContext, IEnumerable<CompletionItem>>> sources)
    {
        sources.Clear();
        sources.Add(_ => Choices.Select(choice => new CompletionItem(choice.Word)));
    }
}
