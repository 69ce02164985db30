using System.Collections.Concurrent;
using System.Diagnostics;

namespace OrleansStore.Integration.Harness;

/// <summary>One run of the program as a process of its own: the built binary, so that a kill kills it and not a launcher.</summary>
internal sealed class SiloRun : IAsyncDisposable
{
    private const string Ready = "ready: ";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    public SiloRun(string folder, string arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(SiloBinary.Path))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public string Errors => string.Join('\n', _errors);

    /// <summary>Waits for the ready lines of this many datacenters; returns their addresses in the order of their names.</summary>
    public async Task<IReadOnlyList<Uri>> ReadyAsync(int count)
    {
        await Until.TrueAsync($"{count} datacenters are ready", () =>
        {
            Assert.False(_process.HasExited, $"The process ended before it was ready:\n{Errors}");
            return _output.Count(line => line.StartsWith(Ready, StringComparison.Ordinal)) >= count;
        });
        return [.. _output.Where(line => line.StartsWith(Ready, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(line => new Uri(line.Split(' ')[2]))];
    }

    /// <summary>Waits for the end; returns the exit code.</summary>
    public async Task<int> ExitAsync(int seconds = 30)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public Task<int> TerminateAsync()
    {
        Signals.Send(_process, Signals.Terminate);
        return ExitAsync();
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Suspend() => Signals.Send(_process, Signals.Stop);

    public void Resume() => Signals.Send(_process, Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Take(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
