using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>Keeps what arrived, in order. Safe for concurrent use.</summary>
internal sealed class RecordingHandler : IPeerHandler
{
    private readonly Lock _gate = new();
    private readonly List<(DatacenterId From, LinkClass Class, byte[] Payload)> _payloads = [];
    private readonly List<(DatacenterId Peer, LinkState State)> _changes = [];

    /// <summary>Called for each payload, in the turn of the links.</summary>
    public Action<DatacenterId, LinkClass, ReadOnlyMemory<byte>>? Received { get; set; }

    public (DatacenterId From, LinkClass Class, byte[] Payload)[] Payloads
    {
        get
        {
            lock (_gate)
            {
                return [.. _payloads];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _payloads.Count;
            }
        }
    }

    public (DatacenterId Peer, LinkState State)[] Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    public void OnPayload(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        var copy = payload.ToArray();
        lock (_gate)
        {
            _payloads.Add((from, linkClass, copy));
        }

        Received?.Invoke(from, linkClass, copy);
    }

    public void OnBatchEnd()
    {
    }

    public void OnLinkChanged(DatacenterId peer, LinkState state)
    {
        lock (_gate)
        {
            _changes.Add((peer, state));
        }
    }
}
