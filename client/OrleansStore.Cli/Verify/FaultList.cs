using System.CommandLine;
using System.CommandLine.Completions;
using OrleansStore.Cli.Sessions;
using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Cli.Verify;

/// <summary>The option that lists faults: words with commas between, <c>all</c>, or <c>none</c>.</summary>
internal static class FaultList
{
    private const string All = "all";
    private const string None = "none";

    private static readonly (string Word, FaultKind Kind)[] Words = [.. Enum.GetValues<FaultKind>().Select(kind => (ChoiceOf<FaultKind>.WordOf(kind), kind))];

    /// <summary>Creates the option. Where it is not given, it means all.</summary>
    public static Option<FaultKind[]?> CreateOption()
    {
        var option = new Option<FaultKind[]?>("--faults")
        {
            Description = $"What is done to the cluster: any of {string.Join(", ", Words.Select(word => word.Word))}, with commas between; {All}; {None}. Default: {All}. What is not possible is left out, and said.",
            HelpName = "KIND,KIND",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (TryParse(text, out var kinds))
                {
                    return kinds;
                }

                result.AddError($"--faults is '{text}'; it must be some of {string.Join(", ", Words.Select(word => word.Word))} with commas between, or {All}, or {None}.");
                return null;
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => Words.Select(word => word.Word).Append(All).Append(None).Select(word => new CompletionItem(word)));
        return option;
    }

    /// <summary>The kinds that a list names, each once.</summary>
    public static bool TryParse(string text, out FaultKind[] kinds)
    {
        kinds = text == All ? [.. Words.Select(word => word.Kind)] : [];
        if (text is All or None)
        {
            return true;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        kinds = [.. parts.Select(part => Words.FirstOrDefault(word => word.Word == part).Kind).Distinct()];
        return !kinds.Contains(default);
    }

    /// <summary>The list that names these kinds.</summary>
    public static string Show(IReadOnlyCollection<FaultKind> kinds) => kinds.Count == 0 ? None : string.Join(',', kinds.Select(WordOf));

    /// <summary>The word for a kind.</summary>
    public static string WordOf(FaultKind kind) => ChoiceOf<FaultKind>.WordOf(kind);
}
