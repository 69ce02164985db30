namespace OrleansStore.Simulation;

/// <summary><c>infra/simulate.sh</c> with a stand-in for the simulation: what it runs, counts and says.</summary>
[Trait("Category", "Integration")]
public sealed class SimulateScriptTests
{
    private const string Right = "echo \"ran $SIM_SEED $SIM_SEEDS\" >> \"$RAN\"; echo \"$SIM_SEEDS seeds from $SIM_SEED: 300 simulated seconds, 50 operations, 1 s\"; echo '  fault Crash: 4'; echo '  get Found: 1'";

    [Fact]
    public async Task Script_CoversEverySeedOnce_InBatches()
    {
        var run = await RunAsync(Right, "--seeds", "450", "--first-seed", "7", "--batch", "200");

        Assert.Equal(0, run.Exit);
        Assert.Equal(["ran 7 200", "ran 207 200", "ran 407 50"], run.Ran);
        Assert.Contains("450 seeds from 7", run.Output, StringComparison.Ordinal);
        Assert.Contains("900 simulated seconds, 150 operations, 0 violations", run.Output, StringComparison.Ordinal);
        Assert.Contains("  fault Crash: 12\n  get Found: 3\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_NamesTheSeedsThatFailed_AndGoesOn()
    {
        var run = await RunAsync("echo \"seed $((SIM_SEED + 1)) at 00:00:03: not linearizable\"; exit 1", "--seeds", "4", "--first-seed", "10", "--batch", "2");

        Assert.Equal(1, run.Exit);
        Assert.Contains("4 seeds from 10", run.Output, StringComparison.Ordinal);
        Assert.Contains("failed seeds: 11 13", run.Output, StringComparison.Ordinal);
        Assert.Contains("not linearizable", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_EndsWith2_WhenTheSimulationDoesNotRun() => Assert.Equal(2, (await RunAsync("echo no such project; exit 1", "--seeds", "4")).Exit);

    [Fact]
    public async Task Script_EndsAfterItsTime() => Assert.Equal(0, (await RunAsync(Right, "--hours", "0")).Exit);

    [Theory]
    [InlineData("how long")]
    [InlineData("no number", "--seeds", "many")]
    [InlineData("needs a value", "--hours")]
    [InlineData("two ways", "--hours", "1", "--seeds", "1")]
    [InlineData("unknown option", "--forever", "1")]
    public async Task Script_EndsWith2AndSaysWhy_WhenArgumentsMakeNoSense(string part, params string[] arguments)
    {
        var run = await RunAsync(Right, arguments);

        Assert.Equal(2, run.Exit);
        Assert.Contains(part, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Ran);
    }

    private static Task<ScriptRun> RunAsync(string command, params string[] arguments) => ScriptRun.OfAsync("simulate.sh", "SIMULATE_COMMAND", command, arguments);
}
