using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Testing;

internal sealed class MemoryPeerTransport(MemoryPeerNetwork network, DatacenterId self, VirtualProcess process) : IPeerTransport
{
    private readonly Queue<IPeerConnection> _arrived = new();
    private TaskCompletionSource<IPeerConnection?>? _waiting;
    private bool _isDisposed;

    public VirtualProcess Process => process;

    public async ValueTask<IPeerConnection> DialAsync(DatacenterId peer, LinkClass linkClass, CancellationToken cancellationToken)
    {
        if (network.IsDead(self, peer, linkClass) || network.IsDead(peer, self, linkClass))
        {
            // No answer to the first packet, not even a refusal.
            await Task.Delay(Timeout.InfiniteTimeSpan, process.Time, cancellationToken);
        }

        await Task.Delay(2 * network.Latency, process.Time, cancellationToken);
        var listener = network.Find(peer) ?? throw new IOException($"datacenter {peer} refuses connections");
        var (there, here) = (new MemoryWire(network, self, peer, linkClass, process, listener.Process), new MemoryWire(network, peer, self, linkClass, listener.Process, process));
        listener.Arrive(new MemoryPeerConnection(there, here, $"datacenter {self}"));
        return new MemoryPeerConnection(here, there, $"datacenter {peer}");
    }

    public async ValueTask<IPeerConnection?> AcceptAsync()
    {
        if (_isDisposed)
        {
            return null;
        }

        if (_arrived.TryDequeue(out var connection))
        {
            return connection;
        }

        _waiting = new TaskCompletionSource<IPeerConnection?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return await _waiting.Task;
    }

    public ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            network.Remove(self);
            _waiting?.TrySetResult(null);
        }

        return ValueTask.CompletedTask;
    }

    private void Arrive(IPeerConnection connection)
    {
        if (_waiting is { Task.IsCompleted: false } waiting)
        {
            waiting.SetResult(connection);
        }
        else
        {
            _arrived.Enqueue(connection);
        }
    }
}
