using System.Diagnostics;
using System.Reflection;

namespace OrleansStore.Client.Tests.Support;

/// <summary>What was built beside these tests, and the command that starts it.</summary>
internal static class BuiltFiles
{
    public static string Root { get; } = FindRoot();

    public static string Configuration { get; } = Metadata("Configuration");

    /// <summary>The output of a project.</summary>
    /// <param name="project">Its folder, relative to the root of the repository.</param>
    public static string Output(string project) =>
        Path.Combine([Root, project, .. OwnOutput(), Path.GetFileName(project) + ".dll"]);

    /// <summary>Runs the .NET tool and returns what it wrote; anything but exit code 0 fails the test.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
            Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ends with {process.ExitCode}:\n{await output}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // tests/<project>/ and then, as in every project, the output of this configuration and flavour.
    private static IEnumerable<string> OwnOutput() => Path.GetRelativePath(Root, AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar).Skip(2);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OrleansStore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No OrleansStore.sln above {AppContext.BaseDirectory}.");
    }

    private static string Metadata(string key) =>
        typeof(BuiltFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;
}
