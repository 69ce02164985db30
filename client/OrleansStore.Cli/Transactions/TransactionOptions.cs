using System.CommandLine;
using System.Globalization;
using System.Text;
using OrleansStore.Cli.Keys;

namespace OrleansStore.Cli.Transactions;

/// <summary>Transactions as options. Guards are tried in the order in which the options are listed here.</summary>
internal sealed class TransactionOptions
{
    private readonly Option<string[]> _exists = Create("--if-exists", "KEY", "Only if this key has a record.");
    private readonly Option<string[]> _absent = Create("--if-absent", "KEY", "Only if this key has no record.");
    private readonly Option<string[]> _revision = Create("--if-revision", "KEY=REVISION", "Only if this key was last changed at this revision.");
    private readonly Option<string[]> _value = Create("--if-value", "KEY=TEXT", "Only if this key has this value, as UTF-8.");
    private readonly Option<string[]> _put = Create("--put", "KEY=TEXT", "Put this value, as UTF-8. In a key = is written %3D.");
    private readonly Option<string[]> _delete = Create("--delete", "KEY", "Delete this key.");

    public TransactionOptions(Command command)
    {
        foreach (var option in All)
        {
            command.Options.Add(option);
        }
    }

    private IEnumerable<Option<string[]>> All => [_exists, _absent, _revision, _value, _put, _delete];

    /// <summary>Whether any of them is given.</summary>
    public bool AreGiven(ParseResult arguments) => All.Any(option => Values(arguments, option).Length > 0);

    /// <exception cref="UsageException">A part is not what it should be.</exception>
    /// <exception cref="ArgumentException">The parts make no transaction.</exception>
    public ParsedTransaction Read(ParseResult arguments)
    {
        Guard[] guards =
        [
            .. Values(arguments, _exists).Select(text => Guard.Exists(KeyText.Parse(text))),
            .. Values(arguments, _absent).Select(text => Guard.NotExists(KeyText.Parse(text))),
            .. Values(arguments, _revision).Select(text => Pair(_revision, text)).Select(pair => Guard.RevisionIn(pair.Key, RevisionOf(pair.Text))),
            .. Values(arguments, _value).Select(text => Pair(_value, text)).Select(pair => Guard.ValueEquals(pair.Key, Encoding.UTF8.GetBytes(pair.Text))),
        ];
        Operation[] operations =
        [
            .. Values(arguments, _put).Select(text => Pair(_put, text)).Select(pair => Operation.Put(pair.Key, Encoding.UTF8.GetBytes(pair.Text))),
            .. Values(arguments, _delete).Select(text => Operation.Delete(KeyText.Parse(text))),
        ];
        return new ParsedTransaction(new Transaction([.. guards], [.. operations], StoreLimits.MaxValueBytes), [.. Enumerable.Range(0, guards.Length)]);
    }

    private static Option<string[]> Create(string name, string helpName, string description) =>
        new(name) { Description = $"{description} Can be given several times.", HelpName = helpName, Arity = ArgumentArity.OneOrMore };

    private static string[] Values(ParseResult arguments, Option<string[]> option) => arguments.GetValue(option) ?? [];

    private static (StoreKey Key, string Text) Pair(Option<string[]> option, string text) => text.Split('=', 2) is [var key, var value]
        ? (KeyText.Parse(key), value)
        : throw new UsageException($"{option.Name} is '{text}'; it must be {option.HelpName}.");

    private static Revision RevisionOf(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
        ? new Revision(revision)
        : throw new UsageException($"'{text}' in --if-revision is no revision; a revision is a whole number, as `ostore get KEY --output json` tells it.");
}
