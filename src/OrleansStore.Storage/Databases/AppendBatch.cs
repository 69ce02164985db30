using System.Runtime.InteropServices;
using OrleansStore.Consensus;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Databases;

/// <summary>What waits for the next flush: one change per bucket, and who is told when it is durable.</summary>
/// <remarks>Not safe for concurrent use: callers hold the log's lock while it fills, and the loop owns it while it is written.</remarks>
internal sealed class AppendBatch
{
    private const int InitialBytes = 64 << 10;

    private readonly Dictionary<BucketId, BucketChange> _changes = [];
    private readonly List<QueuedCompletion> _completions = [];
    private readonly List<Entry> _copied = [];

    // Entry data are slices of it. One that was full is left to the slices it has, and a larger one takes its place.
    private byte[] _bytes = new byte[InitialBytes];
    private int _used;

    /// <summary>What the appends count for against the bound of the queue.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether neither a change nor a completion waits.</summary>
    public bool IsEmpty => _completions.Count == 0;

    public IReadOnlyCollection<BucketChange> Changes => _changes.Values;

    public ReadOnlySpan<QueuedCompletion> Completions => CollectionsMarshal.AsSpan(_completions);

    /// <summary>Copies an append, and whom to tell of it.</summary>
    public void Add(ReplicaWriter writer, in LogAppend append, in AppendRules.CheckedAppend result, in QueuedCompletion completion)
    {
        if (!_changes.TryGetValue(writer.Bucket, out var change))
        {
            change = new BucketChange(writer);
            _changes.Add(writer.Bucket, change);
        }

        Diagnostics.Invariant.Check(change.Writer == writer, $"{writer} and {change.Writer} meet in one flush");
        _copied.Clear();
        foreach (ref readonly var entry in append.Entries.Span)
        {
            _copied.Add(entry with { Data = Copy(entry.Data.Span) });
        }

        change.Merge(append, result, CollectionsMarshal.AsSpan(_copied));
        SizeBytes += result.SizeBytes;
        _completions.Add(completion);
    }

    public void AddBarrier(TaskCompletionSource barrier) => _completions.Add(new QueuedCompletion(default, default, 0, barrier));

    public void Clear()
    {
        _changes.Clear();
        _completions.Clear();
        _copied.Clear();
        _used = 0;
        SizeBytes = 0;
    }

    private Memory<byte> Copy(ReadOnlySpan<byte> data)
    {
        if (_bytes.Length - _used < data.Length)
        {
            _bytes = new byte[Math.Max(_bytes.Length * 2, data.Length)];
            _used = 0;
        }

        var copy = _bytes.AsMemory(_used, data.Length);
        data.CopyTo(copy.Span);
        _used += data.Length;
        return copy;
    }
}
