using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansStore.Cli.Commands;
using OrleansStore.Cli.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>Arguments, help, version and completion; nothing here reaches a store.</summary>
[Trait("Category", "Unit")]
public sealed class UsageTests
{
    private static readonly Ostore Nowhere = new(new Uri("http://127.0.0.1:1"));

    public static TheoryData<string> Commands => new(CreateRoot().Subcommands.Select(command => command.Name));

    [Theory]
    [InlineData("no command or option 'puut'", "puut", "a")]
    [InlineData("Required command", new string[0])]
    [InlineData("'key' missing", "get")]
    [InlineData("'--nothing'", "get", "a", "--nothing")]
    [InlineData("no value", "put", "a")]
    [InlineData("two values", "put", "a", "b", "--file", "c")]
    [InlineData("%25", "get", "100%")]
    [InlineData("at least one byte", "get", "")]
    [InlineData("1024", "get", "--key-base64", LongKey)]
    [InlineData("no base64", "get", "?", "--key-base64")]
    [InlineData("only one", "put", "a", "b", "--if-absent", "--if-exists")]
    [InlineData("only one", "del", "a", "--if-revision", "1", "--if-exists")]
    [InlineData("only one", "scan", "--values", "--keys-only")]
    [InlineData("--timeout is '61s'", "get", "a", "--timeout", "61s")]
    [InlineData("--timeout is 'soon'", "get", "a", "--timeout", "soon")]
    [InlineData("--output is 'xml'", "get", "a", "--output", "xml")]
    [InlineData("'nowhere' in --endpoints", "get", "a", "--endpoints", "nowhere")]
    [InlineData("names no address", "get", "a", "--endpoints", ",")]
    [InlineData("there twice", "get", "a", "--endpoints", "http://a:1,http://a:1")]
    [InlineData("namespace", "get", "a", "--namespace", "a/b")]
    [InlineData("idempotency key", "put", "a", "b", "--idempotency-key", "k:x")]
    [InlineData("64", "put", "a", "b", "--idempotency-key", LongId)]
    [InlineData("--limit is '0'", "scan", "--limit", "0")]
    [InlineData("--prefix has", "scan", "--key-base64", "--prefix", LongKey)]
    [InlineData("no transaction", "txn")]
    [InlineData("two transactions", "txn", "file", "--delete", "a")]
    [InlineData("KEY=TEXT", "txn", "--put", "a")]
    [InlineData("no revision", "txn", "--if-revision", "a=b")]
    [InlineData("mix is 'much'", "bench", "much")]
    [InlineData("--ratio is 2", "bench", "mixed", "--ratio", "2")]
    [InlineData("without a caller", "bench", "put", "--callers", "1", "--connections", "2")]
    [InlineData("--keys is '-1'", "bench", "put", "--keys", "-1")]
    [InlineData("byte 0", "bench", "put", "--prefix", "%00")]
    [InlineData("shell is 'fish'", "completion", "fish")]
    [InlineData("Which database?", "schema", "status")]
    [InlineData("action is 'drop'", "schema", "drop", "--postgres", "Host=a;Database=b")]
    [InlineData("must name a database", "schema", "apply", "--postgres", "Host=a")]
    [InlineData("belong together", "schema", "apply", "--postgres", "Host=a;Database=b_{datacenter}")]
    [InlineData("belong together", "schema", "apply", "--postgres", "Host=a;Database=b", "--datacenters", "dc1")]
    public async Task Command_EndsWith2AndSaysWhy_WhenArgumentsMakeNoSense(string part, params string[] arguments)
    {
        var refused = (await Nowhere.RunAsync(arguments)).Ends(ExitCode.Usage);

        Assert.Empty(refused.Bytes);
        Assert.Contains(part, refused.Errors, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Commands))]
    public async Task Help_HasExamples_AndEachParses(string name)
    {
        var root = CreateRoot();
        var command = Assert.IsType<CliCommand>(root.Subcommands.Single(command => command.Name == name), exactMatch: false);
        var help = (await Nowhere.RunAsync(name, "--help")).Ends(ExitCode.Ok).Output;

        Assert.NotEmpty(command.Examples);
        Assert.All(command.Examples, example =>
        {
            Assert.Contains(example, help);
            // A pipe or a redirection ends what the tool gets.
            var words = CommandLineParser.SplitCommandLine(example.Replace('\'', '"')).TakeWhile(word => word is not (">" or ">>" or "<" or "|")).ToArray();
            Assert.Equal("ostore", words[0]);
            var parsed = root.Parse(words[1..]);
            Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(' ', parsed.Errors)}");
            Assert.Same(command, parsed.CommandResult.Command);
        });
    }

    [Fact]
    public async Task Help_NamesEveryCommand()
    {
        var help = (await Nowhere.RunAsync("--help")).Ends(ExitCode.Ok).Output;

        Assert.All(["put", "get", "del", "scan", "txn", "outcome", "status", "bench", "verify", "export", "import", "schema", "completion"], name => Assert.Contains($"\n  {name} ", help));
        Assert.All(["--endpoints", "OSTORE_ENDPOINTS", "--output", "--timeout", "--namespace"], option => Assert.Contains(option, help));
    }

    [Fact]
    public async Task Version_IsThatOfTheTool() => Assert.Equal(CliApplication.Version, (await Nowhere.RunAsync("--version")).Ends(ExitCode.Ok).Output.Trim());

    [Theory]
    [InlineData("bash", "complete ")]
    [InlineData("zsh", "compdef ")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Completion_PrintsAScript(string shell, string part)
    {
        var script = (await Nowhere.RunAsync("completion", shell)).Ends(ExitCode.Ok).Output;

        Assert.Contains(part, script);
        Assert.Contains("[suggest:", script);
    }

    [Theory]
    [InlineData("get k --outp", "--output")]
    [InlineData("bench ", "cas")]
    [InlineData("bench put --distribution ", "zipf")]
    [InlineData("put k v --output ", "json")]
    public void Suggestions_AreWhatCanBeTyped(string line, string expected)
    {
        var found = CreateRoot().Parse(line).GetCompletions(line.Length).Select(item => item.Label).ToList();

        Assert.Contains(expected, found);
        Assert.DoesNotContain("Zipf", found);
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2.5s", 2500)]
    [InlineData("3", 3000)]
    [InlineData("1m", 60_000)]
    public void Duration_IsReadInItsUnit(string text, int milliseconds)
    {
        Assert.True(Sessions.DurationOption.TryParse(text, out var time));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
        Assert.False(Sessions.DurationOption.TryParse("-" + text, out _));
    }

    // 1,368 characters of base64 are 1,026 bytes.
    private const string LongKey =
        Long256 + Long256 + Long256 + Long256 + Long256 + Long64 + "AAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Long256 = Long64 + Long64 + Long64 + Long64;
    private const string Long64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string LongId = Long64 + "A";

    private static RootCommand CreateRoot() => CliApplication.CreateRoot(new CliHost { Input = Stream.Null, Output = Stream.Null, Error = TextWriter.Null });
}
