using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Tests.Silos;

/// <summary>Takes what a switch hands to the buckets of its silo.</summary>
internal sealed class RecordedPayloads : IPeerHandler
{
    private readonly Lock _gate = new();
    private readonly List<(DatacenterId From, byte[] Payload)> _all = [];

    public List<(DatacenterId Peer, LinkState State)> Changes { get; } = [];

    public IReadOnlyList<(DatacenterId From, byte[] Payload)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void OnPayload(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _all.Add((from, payload.ToArray()));
        }
    }

    public void OnBatchEnd()
    {
    }

    public void OnLinkChanged(DatacenterId peer, LinkState state) => Changes.Add((peer, state));
}
