using System.Text;
using System.Text.Json;

namespace OrleansStore.Cli.Tests.Support;

/// <summary>How a command ended, and what it wrote.</summary>
internal sealed record CliResult(int Exit, byte[] Bytes, string Errors)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Bytes);

    /// <summary>Checks the exit code, and shows everything where it is another one.</summary>
    public CliResult Ends(ExitCode exit)
    {
        Assert.True(Exit == (int)exit, $"It ends with {Exit}, not with {(int)exit}.\nOutput: {Output}\nErrors: {Errors}");
        return this;
    }
}
