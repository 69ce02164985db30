using System.Runtime.InteropServices;

namespace OrleansStore.Silo.Hosting;

/// <summary>Ctrl-C and SIGTERM, and where there are others that ask a process to end, those. The first asks for a clean stop; the second is left to the system, which ends the process.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT];

    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PosixSignalRegistration> _registrations;

    /// <summary>Listens from now on.</summary>
    public StopSignals() => _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

    /// <summary>Completes at the first signal.</summary>
    public Task Requested => _requested.Task;

    /// <summary>Leaves all further signals to the system.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context) => context.Cancel = _requested.TrySetResult();
}
