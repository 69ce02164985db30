using System.Collections.Concurrent;

namespace OrleansStore.Http.Replies;

/// <summary>Keeps a bounded number of answer buffers. Safe for concurrent use.</summary>
internal sealed class JsonReplyPool
{
    private const int MaxKept = 64;

    private readonly ConcurrentQueue<JsonReply> _kept = new();

    /// <summary>Gives an empty buffer; to be given back with <see cref="Return"/>.</summary>
    public JsonReply Take() => _kept.TryDequeue(out var reply) ? reply : new JsonReply();

    /// <summary>Takes a buffer back; nobody may use it, or what it finished, afterwards.</summary>
    public void Return(JsonReply reply)
    {
        if (!reply.IsSmall || _kept.Count >= MaxKept)
        {
            reply.Dispose();
            return;
        }

        reply.Reset();
        _kept.Enqueue(reply);
    }
}
