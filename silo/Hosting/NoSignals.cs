using Microsoft.Extensions.Hosting;

namespace OrleansStore.Silo.Hosting;

/// <summary>The lifetime of a web application that listens to no signals: the process has several applications and stops them in its own order.</summary>
internal sealed class NoSignals : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
