using System.IO.Pipelines;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Embedded.Testing;

internal sealed class MemoryPeerConnection(MemoryWire incoming, MemoryWire outgoing, string remote) : IPeerConnection
{
    public PipeReader Input => incoming.Reader;

    public PipeWriter Output => outgoing.Writer;

    public string Remote => remote;

    public ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public string? FindNameMismatch(string datacenter) => null;

    public ValueTask EndAsync() => Output.CompleteAsync();

    public void Abort()
    {
        incoming.AbortReading();
        outgoing.AbortWriting();
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
    }
}
