using System.Diagnostics;
using System.Globalization;
using OrleansStore.Verification;

namespace OrleansStore.Simulation.Teeth;

/// <summary>The deliberate bugs of this folder: they apply to the tree as it is and say what they break, so that <c>infra/teeth.sh</c> can plant them at any time.</summary>
[Trait("Category", "Unit")]
public sealed class TeethTests
{
    private static readonly string[] Fields = ["Bug", "Rule", "Checker", "World"];

    public static TheoryData<string> Patches => [.. Names()];

    private static string Folder => Path.Combine(SourceTree.Root, "tests", "OrleansStore.Simulation", "Teeth");

    [GitTheory]
    [MemberData(nameof(Patches))]
    public async Task Patch_AppliesToTheTree(string patch)
    {
        // From the root, for git leaves out what is not below the folder that it is called in.
        var start = new ProcessStartInfo("git", ["apply", "--check", Path.Combine(Folder, patch)]) { WorkingDirectory = SourceTree.Root, RedirectStandardError = true };
        using var git = Process.Start(start)!;
        var errors = await git.StandardError.ReadToEndAsync();
        await git.WaitForExitAsync();

        Assert.True(git.ExitCode == 0, $"{patch} does not apply any more: {errors}");
    }

    [GitTheory]
    [MemberData(nameof(Patches))]
    public void Patch_SaysWhatItBreaks_AndWhoMustFindIt(string patch)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, patch));
        var header = lines.TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

        Assert.Matches("^[0-9]{2}(-[a-z]+)+[.]patch$", patch);
        Assert.NotEmpty(header["Bug"]);
        Assert.Matches("Raft|[Ii]nvariant|Design", header["Rule"]);
        Assert.True(Enum.TryParse<VerifiedProperty>(header["Checker"], out _), $"'{header["Checker"]}' is no property that is checked");
        Assert.True(header.GetValueOrDefault("World") is null or "two-activations" or "whole-datacenters", $"'{header.GetValueOrDefault("World")}' is no world");
        Assert.All(header.Keys, key => Assert.Contains(key, Fields));
    }

    [GitTheory]
    [MemberData(nameof(Patches))]
    public void Patch_ChangesProductionCodeOnly_AndLittleOfIt(string patch)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, patch));
        var changed = lines.Count(line => (line.StartsWith('+') && !line.StartsWith("+++", StringComparison.Ordinal)) || (line.StartsWith('-') && !line.StartsWith("---", StringComparison.Ordinal)));

        Assert.All(lines.Where(line => line.StartsWith("+++ ", StringComparison.Ordinal)), line => Assert.Matches("^[+]{3} b/(src|client)/", line));
        Assert.InRange(changed, 1, 20);
    }

    [GitTheory]
    [InlineData(26)]
    public void Patches_AreManyAndNumberedFromOne(int least)
    {
        var numbers = Names().Select(name => int.Parse(name[..2], CultureInfo.InvariantCulture)).ToList();

        Assert.True(numbers.Count >= least, $"only {numbers.Count} bugs");
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers);
    }

    private static IEnumerable<string> Names() => Directory.GetFiles(Folder, "*.patch").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
