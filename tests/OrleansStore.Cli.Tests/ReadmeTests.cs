using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>Every line of the tour in the README, typed into a shell: the tool as a process, against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Slow")]
public sealed partial class ReadmeTests(RealStore real)
{
    [Fact]
    public async Task Tour_GoesAsItSays()
    {
        var lines = Tour();
        Assert.True(lines.Count > 40, $"only {lines.Count} lines were found");
        using var folder = new TestFolder();
        var script = new StringBuilder("set -o pipefail\nostore() { dotnet \"$OSTORE\" \"$@\"; }\n");
        foreach (var (line, exit) in lines)
        {
            script.Append($"{line}\nrc=$?\n[ $rc -eq {exit} ] || {{ echo \"line {lines.IndexOf((line, exit)) + 1} ended with $rc, not with {exit}\" >&2; exit 99; }}\n");
        }

        var path = Path.Combine(folder.Path, "tour.sh");
        await File.WriteAllTextAsync(path, script.ToString());
        var start = new ProcessStartInfo("bash", [path]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OSTORE"] = Path.Combine(Path.GetDirectoryName(BuiltFiles.Output("client/OrleansStore.Cli"))!, "ostore.dll");
        start.Environment["OSTORE_ENDPOINTS"] = string.Join(',', real.Addresses);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));

            Assert.True(process.ExitCode == 0, $"{await errors}\n{await output}");
            Assert.Equal([0, 1, 255], await File.ReadAllBytesAsync(Path.Combine(folder.Path, "1.raw")));
            Assert.Contains("operations/s", await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    [Fact]
    public async Task RootReadme_VerifiesAsItSays()
    {
        const string tool = "dotnet run --project client/OrleansStore.Cli -c Release -- ";
        using var folder = new TestFolder();
        var page = Path.Combine(folder.Path, "verify.html");
        var local = string.Join(',', Enumerable.Range(5101, 3).Select(port => $"http://127.0.0.1:{port}"));
        var lines = (await File.ReadAllLinesAsync(Path.Combine(BuiltFiles.Root, "README.md")))
            .Where(line => line.StartsWith(tool + "verify ", StringComparison.Ordinal))
            .Select(line => line[tool.Length..].Replace("verify.html", page, StringComparison.Ordinal).Replace(local, string.Join(',', real.Addresses), StringComparison.Ordinal))
            .ToList();

        Assert.Equal(3, lines.Count);
        foreach (var line in lines)
        {
            var verified = (await new Ostore().RunAsync(line.Split(' '))).Ends(ExitCode.Ok);
            Assert.Contains("Linearizable, and no acknowledged write lost.", verified.Output);
        }

        Assert.Contains("<svg", await File.ReadAllTextAsync(page));
    }

    private static List<(string Line, int Exit)> Tour()
    {
        var text = File.ReadAllText(Path.Combine(BuiltFiles.Root, "client", "OrleansStore.Cli", "README.md"));
        return
        [
            .. ShellBlock().Matches(text)
                .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Select(line => ExitNote().Match(line) is { Success: true } note ? (line[..note.Index].TrimEnd(), int.Parse(note.Groups[1].ValueSpan)) : (line, 0)),
        ];
    }

    [GeneratedRegex("^```sh\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("# exit ([0-9])$")]
    private static partial Regex ExitNote();
}
