using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Links;

/// <summary>A client of another datacenter's cluster: of the gateways of its silos, for one class of traffic. It starts in the background and is there when it is there.</summary>
/// <remarks>Safe for concurrent use. Whatever fails, fails as <see cref="IsFailure"/> says.</remarks>
internal sealed partial class RemoteGateway : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private volatile IPeerGatewayGrain? _gateway;
    private Task _starting = Task.CompletedTask;

    /// <summary>Creates a gateway that is not connected.</summary>
    /// <param name="datacenter">Whose it is.</param>
    /// <param name="host">Holds the cluster client; owned from here on.</param>
    /// <param name="logger">Is told of what an operator should know.</param>
    public RemoteGateway(string datacenter, IHost host, ILogger logger)
    {
        Datacenter = datacenter;
        _host = host;
        _logger = logger;
    }

    /// <summary>Whose gateway it is.</summary>
    public string Datacenter { get; }

    /// <summary>Whether an exception is a call's that did not get through, rather than a bug.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is OrleansException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    /// <summary>Begins to connect. Until it has, calls fail at once.</summary>
    public void Start() => _starting = Task.Factory.StartNew(ConnectAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();

    /// <summary>Opens a stream.</summary>
    /// <exception cref="IOException">The other side does not take it, or cannot be reached yet.</exception>
    public async ValueTask OpenAsync(StreamId stream, string from, bool isBulk, CancellationToken cancellationToken)
    {
        if (!await Gateway().OpenAsync(stream, from, Datacenter, isBulk).AsTask().WaitAsync(cancellationToken))
        {
            throw new IOException($"{Datacenter} does not take connections of {from} yet");
        }
    }

    /// <summary>Hands over a batch.</summary>
    public ValueTask<bool> SendAsync(StreamBatch batch) => Gateway().SendAsync(batch);

    /// <summary>Tells that a stream is broken, if that can be told; nobody waits for it.</summary>
    public void Abort(StreamId stream, string from)
    {
        try
        {
            _ = _gateway?.AbortAsync(stream, from).AsTask();
        }
        catch (Exception reason) when (IsFailure(reason))
        {
            // The other side finds out by its heartbeats.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _starting;
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (Exception reason) when (IsFailure(reason))
        {
            // It was not connected, or its cluster is gone: there is nobody to take leave of.
        }

        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }

        _stop.Dispose();
    }

    private IPeerGatewayGrain Gateway() => _gateway ?? throw new IOException($"no gateway of {Datacenter} was reached yet");

    private async Task ConnectAsync()
    {
        try
        {
            await _host.StartAsync(_stop.Token);
            _gateway = _host.Services.GetRequiredService<IClusterClient>().GetGrain<IPeerGatewayGrain>(0);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Stopped before it was connected.
        }
        catch (Exception reason)
        {
            // The edge of a driver task. The link says all the time that the datacenter is not reached; this says why it never will be.
            LogNotConnected(_logger, reason, Datacenter);
        }
    }

    [LoggerMessage(7001, LogLevel.Error, "The client of {Datacenter} cannot start; it is not reached until this process is restarted")]
    private static partial void LogNotConnected(ILogger logger, Exception reason, string datacenter);
}
