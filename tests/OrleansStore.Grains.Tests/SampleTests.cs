using System.Diagnostics;
using OrleansStore.Integration.Harness;

namespace OrleansStore.Grains.Tests;

/// <summary>The application of the README runs, as a program of its own, and says what it should.</summary>
[Trait("Category", "Integration")]
public sealed class SampleTests
{
    [Fact]
    public async Task Sample_SaysWhatItShould()
    {
        using var folder = new TestFolder();
        var binary = SiloBinary.Of("client/samples/OrleansStore.Samples.OrleansApp", "OrleansStore.Samples.OrleansApp");
        var port = FreePorts.Take(2);
        var start = new ProcessStartInfo("dotnet", [binary, folder.Path, $"{port}", $"{port + 1}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(process.ExitCode == 0, $"It ends with {process.ExitCode}:\n{await output}\n{await errors}");
            Assert.Equal(["items: 2", "cart: tea,cup"], (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
