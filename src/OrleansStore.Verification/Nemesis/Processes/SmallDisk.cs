using System.Diagnostics;

namespace OrleansStore.Verification.Nemesis.Processes;

/// <summary>A file system of its own in memory, small enough to be filled. Making one takes the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    /// <summary>Its size in bytes: what a store keeps in reserve, and room for the log of a run.</summary>
    public const long Bytes = 1L << 30;

    private const string FillerName = "filler";
    private const int FillStep = 64 << 20;
    private static readonly TimeSpan AbandonPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FillPause = TimeSpan.FromMilliseconds(50);

    private readonly string _filler;

    private SmallDisk(string folder)
    {
        Folder = folder;
        _filler = Path.Combine(folder, FillerName);
    }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Mounts a new one.</summary>
    /// <param name="folder">An empty folder, which becomes the file system's root.</param>
    /// <returns>The disk; null where this process may not mount.</returns>
    public static async Task<SmallDisk?> TryMountAsync(string folder) =>
        OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "tmpfs", folder).ConfigureAwait(false) ? new SmallDisk(folder) : null;

    /// <summary>Fills it step by step, as fast as a runaway log would, up to its last byte.</summary>
    public async Task FillAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var zeros = new byte[FillStep];
        using var filler = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                await filler.WriteAsync(zeros, cancellationToken).ConfigureAwait(false);
                await Task.Delay(FillPause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // Full, up to less than a step: what is left goes byte by halved step.
            FillRest(filler, zeros);
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(_filler);

    /// <summary>Unmounts it, and does not look whether that worked.</summary>
    public void Abandon()
    {
        using var process = Process.Start("umount", ["-l", Folder]);
        process.WaitForExit(AbandonPatience);
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", Folder).ConfigureAwait(false);

    private static void FillRest(FileStream filler, byte[] zeros)
    {
        for (var step = zeros.Length / 2; step > 0;)
        {
            try
            {
                filler.Write(zeros, 0, step);
            }
            catch (IOException)
            {
                step /= 2;
            }
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync()).ConfigureAwait(false);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no such program.
            return false;
        }
    }
}
