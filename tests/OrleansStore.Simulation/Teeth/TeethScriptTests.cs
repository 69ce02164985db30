namespace OrleansStore.Simulation.Teeth;

/// <summary><c>infra/teeth.sh</c> with a stand-in for build and simulation: what it plants, counts and says.</summary>
[Trait("Category", "Integration")]
public sealed class TeethScriptTests
{
    [Fact]
    public async Task Script_PlantsEachBugInACopy_AndTakesItBack()
    {
        // The first of the two bugs is one line that is not there while the other is planted.
        var run = await RunAsync(
            """
            grep -c 'MustSync = !ready.Entries.IsEmpty;' src/OrleansStore.Consensus/RaftCore.Ready.cs >> "$RAN"
            pwd >> "$RAN"
            echo 'seed 12 at 00:00:03.5, found by LeaderPerTerm: two leaders'; exit 1
            """,
            "--only",
            "3",
            "--only",
            "2");

        Assert.Equal(0, run.Exit);
        Assert.Equal(["1", "0"], run.Ran.Where(line => line.Length == 1));
        Assert.All(run.Ran.Where(line => line.Length > 1), folder => Assert.False(Directory.Exists(folder) || folder == SourceTree.Root, $"{folder} is still there, or no copy"));
        Assert.Contains("found by LeaderPerTerm after 12 seeds", run.Output, StringComparison.Ordinal);
        Assert.Contains("2 of 2 bugs", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 'seed 3 at 00:00:01, found by no checker: failed'; exit 1", "FOUND BY no checker, not by LeaderPerTerm")]
    [InlineData("echo 'seed 3 at 00:00:01, found by LogMatching: failed'; exit 1", "FOUND BY LogMatching, not by LeaderPerTerm")]
    [InlineData("echo \"'leader change' was never reached in $SIM_SEEDS runs\"; exit 1", "NOT FOUND in 7 seeds")]
    [InlineData("echo 7 seeds", "NOT FOUND in 7 seeds")]
    public async Task Script_EndsWith1_WhenABugIsNotFoundByItsChecker(string command, string said)
    {
        var run = await RunAsync(command, "--only", "2", "--seeds", "7");

        Assert.Equal(1, run.Exit);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
        Assert.Contains("0 of 1 bugs", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_EndsWith2_WhenTheSimulationDoesNotRun() => Assert.Equal(2, (await RunAsync("echo no such project; exit 1", "--only", "2")).Exit);

    [Fact]
    public async Task Script_WritesTheTable()
    {
        var table = Path.GetTempFileName();
        try
        {
            await RunAsync("echo 'seed 12 at 00:00:03, found by LeaderPerTerm: two leaders'; exit 1", "--only", "2", "--table", table);

            var lines = await File.ReadAllLinesAsync(table);
            Assert.Equal(3, lines.Length);
            Assert.Matches("^\\| 02 \\| .+ \\| Raft section 5.2.+ \\| LeaderPerTerm \\| 12 \\| [0-9]+ \\|$", lines[2]);
        }
        finally
        {
            File.Delete(table);
        }
    }

    [Theory]
    [InlineData("no number above 0", "--seeds", "0")]
    [InlineData("needs a value", "--table")]
    [InlineData("no patch 99", "--only", "99")]
    [InlineData("unknown option", "--all")]
    public async Task Script_EndsWith2AndSaysWhy_WhenArgumentsMakeNoSense(string part, params string[] arguments)
    {
        var run = await RunAsync("exit 0", arguments);

        Assert.Equal(2, run.Exit);
        Assert.Contains(part, run.Errors, StringComparison.Ordinal);
    }

    private static Task<ScriptRun> RunAsync(string command, params string[] arguments) => ScriptRun.OfAsync("teeth.sh", "TEETH_COMMAND", command, arguments);
}
