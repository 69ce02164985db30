using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Replicas;

/// <summary>Collects the heartbeats, or the answers, of the buckets that one pass over them sends, and sends those to one replica in one payload. Not safe for concurrent use.</summary>
internal sealed class HeartbeatBatch(PeerMessenger messenger)
{
    private readonly List<Destination> _destinations = [];

    /// <summary>Takes a message in.</summary>
    /// <returns>False if it is of a type that is sent on its own.</returns>
    public bool TryAdd(BucketId bucket, in RaftMessage message)
    {
        if (message.Type is not (RaftMessageType.Heartbeat or RaftMessageType.HeartbeatResponse))
        {
            return false;
        }

        var destination = DestinationOf(message);
        destination.Heartbeats.Add(new BucketHeartbeat(bucket, message.Term, message.Commit, message.Context, message.SentAt));
        if (destination.Heartbeats.Count == HeartbeatsCodec.MaxHeartbeats)
        {
            Send(destination);
        }

        return true;
    }

    /// <summary>Sends what was collected. A heartbeat that finds no room is lost, as on the way.</summary>
    public void Send()
    {
        foreach (var destination in _destinations)
        {
            if (destination.Heartbeats.Count > 0)
            {
                Send(destination);
            }
        }
    }

    private void Send(Destination destination)
    {
        messenger.TrySendHeartbeats(destination.Type, destination.From, destination.To, destination.Heartbeats);
        destination.Heartbeats.Clear();
    }

    private Destination DestinationOf(in RaftMessage message)
    {
        foreach (var destination in _destinations)
        {
            if (destination.To == message.To && destination.From == message.From && destination.Type == message.Type)
            {
                return destination;
            }
        }

        var added = new Destination(message.Type, message.From, message.To, []);
        _destinations.Add(added);
        return added;
    }

    private sealed record Destination(RaftMessageType Type, ReplicaId From, ReplicaId To, List<BucketHeartbeat> Heartbeats);
}
