using System.Text;
using System.Text.Json;
using OrleansStore.Consensus.Membership;

namespace OrleansStore.Consensus.Tests.Conformance;

/// <summary>A node of an interaction script: storage, the queues of its storage threads, and a state machine that strings data together.</summary>
internal sealed class InteractionNode
{
    private static readonly MonotonicTime Now = VectorNode.Now;

    private readonly bool _isAsync;
    private readonly Queue<Ready> _appends = new();
    private readonly Queue<ReadOnlyMemory<Entry>> _applies = new();

    public InteractionNode(ReplicaId id, JsonElement action, JsonElement defaults)
    {
        var options = action.GetProperty("options");
        _isAsync = options.Bool("async_storage_writes");
        Id = id;
        AppData = action.Text("snapshot_data") ?? "";
        AppIndex = new LogIndex(action.U64("snapshot_index"));
        var prev = AppIndex == LogIndex.None ? default : new EntryId(new Term(action.U64("snapshot_term")), AppIndex);
        var config = AppIndex == LogIndex.None ? GroupConfig.Empty : GroupConfig.Create(action.Ids("voters"), action.Ids("learners"));
        var snapshot = AppIndex == LogIndex.None ? null : new RaftSnapshot(new SnapshotMetadata(prev.Index, prev.Term, config));
        Storage = VectorNode.Create(id, prev, [], HardState.Empty, AppIndex, config, snapshot, options, defaults);
        Storage.Applied = entry =>
        {
            AppData += entry.Type == EntryType.Normal ? Encoding.UTF8.GetString(entry.Data.Span) : "";
            AppIndex = entry.Index;

            // The newest item of the state machine's history is the snapshot that can be sent.
            Storage.Latest = new RaftSnapshot(new SnapshotMetadata(entry.Index, entry.Term, Core.Config));
        };
    }

    public ReplicaId Id { get; }

    public VectorNode Storage { get; }

    public RaftCore Core => Storage.Core;

    public string AppData { get; private set; }

    public LogIndex AppIndex { get; private set; }

    public void Receive(InFlight item)
    {
        if (item.Message is { } message)
        {
            Core.Step(Now, message);
        }
        else if (item.Append is { } append)
        {
            Core.AcknowledgeAppend(Now, append);
        }
        else
        {
            Core.AcknowledgeApply(Now, item.Applied!.Value);
        }
    }

    public void ProcessReady(List<InFlight> inFlight)
    {
        if (!Core.HasReady)
        {
            return;
        }

        if (!_isAsync)
        {
            inFlight.AddRange(Storage.ProcessReady().Select(message => new InFlight(message)));
            return;
        }

        var ready = new Ready();
        Core.TakeReady(ready);
        inFlight.AddRange(ready.Messages.Select(message => new InFlight(message)));
        if (ready.HasWrites)
        {
            _appends.Enqueue(ready);
        }

        if (!ready.CommittedEntries.IsEmpty)
        {
            _applies.Enqueue(ready.CommittedEntries);
        }
    }

    public bool ProcessAppend(List<InFlight> inFlight)
    {
        if (!_appends.TryDequeue(out var ready))
        {
            return false;
        }

        Storage.Persist(ready.HardState, ready.Snapshot, ready.Entries);
        inFlight.AddRange(ready.MessagesAfterAppend.Select(message => new InFlight(message)));
        if (ready.Acknowledgement.CoversLog)
        {
            inFlight.Add(new InFlight(Id, ready.Acknowledgement));
        }
        else
        {
            // The vectors have no message for a write of the hard state alone.
            Core.AcknowledgeAppend(Now, ready.Acknowledgement);
        }

        return true;
    }

    public bool ProcessApply(List<InFlight> inFlight)
    {
        if (!_applies.TryDequeue(out var entries))
        {
            return false;
        }

        Storage.Apply(entries);
        inFlight.Add(new InFlight(Id, entries));
        return true;
    }
}
