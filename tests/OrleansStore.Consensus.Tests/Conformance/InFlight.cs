using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>Something on its way to a node: a message, or an answer of one of its own storage threads.</summary>
internal sealed class InFlight
{
    private const string AppendThread = "append_thread";
    private const string ApplyThread = "apply_thread";

    public InFlight(RaftMessage message)
    {
        Message = message;
        To = message.To;
        TypeName = VectorJson.Name(message.Type);
        Pair = $"{message.From}->{message.To}";
        Text = message.Describe();
        IsLocal = message.From == message.To;
    }

    public InFlight(ReplicaId to, AppendAcknowledgement append)
    {
        Append = append;
        To = to;
        TypeName = "MsgStorageAppendResp";
        Pair = $"{AppendThread}->{to}";
        Text = $"append acknowledged term={append.Term} last={append.LastEntry}";
        IsLocal = true;
    }

    public InFlight(ReplicaId to, ReadOnlyMemory<Entry> applied)
    {
        Applied = applied;
        To = to;
        TypeName = "MsgStorageApplyResp";
        Pair = $"{ApplyThread}->{to}";
        Text = "apply acknowledged " + string.Join(' ', applied.ToArray().Select(VectorJson.Describe));
        IsLocal = true;
    }

    public RaftMessage? Message { get; }

    public AppendAcknowledgement? Append { get; }

    public ReadOnlyMemory<Entry>? Applied { get; }

    public ReplicaId To { get; }

    public string TypeName { get; }

    public string Pair { get; }

    public string Text { get; }

    public bool IsLocal { get; }
}
