using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>One run of the store's program as a process of its own. The last lines that it wrote are kept for messages.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int MaxLines = 40;

    // Makes a session and then becomes the program, under the same process id. A Ctrl-C in the terminal is so for this tool alone: it would be a fault that no schedule has.
    private const string SessionLauncher = "/usr/bin/setsid";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <param name="program">A <c>.dll</c>, which is run by <c>dotnet</c>, or a program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public SiloProcess(string program, IEnumerable<string> arguments)
    {
        IEnumerable<string> command = program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", program, .. arguments] : [program, .. arguments];
        if (File.Exists(SessionLauncher))
        {
            command = command.Prepend(SessionLauncher);
        }

        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Where the store is meant to be is said by flags alone.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ORLEANSSTORE__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote last.</summary>
    public string LastWords => string.Join('\n', _lines);

    public void Stop() => ProcessSignal.Stop(_process);

    public void Continue() => ProcessSignal.Continue(_process);

    /// <summary>Ends it as <c>kill -9</c> does, and waits until it is gone. Harmless where it has ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().ConfigureAwait(false);
    }

    /// <summary>Ends it as <c>kill -9</c> does, and waits for nothing.</summary>
    public void Abandon() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await KillAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        while (_lines.Count > MaxLines)
        {
            _lines.TryDequeue(out _);
        }
    }
}
