using System.Diagnostics.Metrics;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>What an operator wants to know of the buckets of a process, and of the storage under them. Everything is observed when somebody asks; a turn adds to a few counters.</summary>
internal sealed class SiloMetrics : IDisposable
{
    public const string MeterName = "OrleansStore.Buckets";

    private readonly KeyValuePair<string, object?> _datacenter;
    private readonly Meter _meter = new(MeterName);
    private long _elections;
    private long _proposed;
    private long _committed;
    private long _activations;

    /// <param name="datacenter">The name of the datacenter, a tag of every measurement.</param>
    /// <param name="countReplicas">Counts the local replicas by state.</param>
    /// <param name="countQueued">Counts the requests that wait in mailboxes.</param>
    /// <param name="storage">Reads the storage's numbers; null while none is open.</param>
    public SiloMetrics(string datacenter, Func<IReadOnlyDictionary<string, int>> countReplicas, Func<long> countQueued, Func<StorageStatistics?> storage)
    {
        _datacenter = new KeyValuePair<string, object?>("datacenter", datacenter);
        _meter.CreateObservableGauge(
            "orleansstore.buckets.replicas",
            () => countReplicas().Select(state => new Measurement<int>(state.Value, _datacenter, new KeyValuePair<string, object?>("state", state.Key))),
            "{replica}",
            "Local replicas by state.");
        Count("orleansstore.buckets.elections", "{election}", "Elections won here.", () => Interlocked.Read(ref _elections));
        Count("orleansstore.buckets.proposals", "{entry}", "Entries appended by leaders here.", () => Interlocked.Read(ref _proposed));
        Count("orleansstore.buckets.commits", "{entry}", "Entries that local replicas learned to be committed.", () => Interlocked.Read(ref _committed));
        Count("orleansstore.buckets.activations", "{activation}", "Times that a replica was brought into memory.", () => Interlocked.Read(ref _activations));
        Observe("orleansstore.buckets.queued_requests", "{request}", "Requests that wait in mailboxes.", countQueued);
        Count("orleansstore.storage.syncs", "{sync}", "Batches of the log made durable, with one fsync each.", () => storage()?.Batches ?? 0);
        Count("orleansstore.storage.appends", "{append}", "Appends that became durable.", () => storage()?.Appends ?? 0);
        Count("orleansstore.storage.written", "By", "Bytes written to the log.", () => storage()?.BytesWritten ?? 0);
        Count("orleansstore.storage.copied", "By", "Bytes of live records copied forward so that old segments could go.", () => storage()?.BytesCopiedForward ?? 0);
        Observe("orleansstore.storage.queued", "By", "Bytes that wait for the next batch of the log.", () => storage()?.QueuedBytes ?? 0);
        Observe("orleansstore.storage.log", "By", "Bytes used in the log files.", () => storage()?.LogBytes ?? 0);
        Observe("orleansstore.storage.live", "By", "Bytes of log records that are still needed.", () => storage()?.LiveBytes ?? 0);
        Observe("orleansstore.storage.segments", "{file}", "Log files.", () => storage()?.Segments ?? 0);
    }

    public void CountElection() => Interlocked.Increment(ref _elections);

    public void CountProposed(ulong entries) => Interlocked.Add(ref _proposed, (long)entries);

    public void CountCommitted(ulong entries) => Interlocked.Add(ref _committed, (long)entries);

    public void CountActivation() => Interlocked.Increment(ref _activations);

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableCounter(name, () => new Measurement<long>(read(), _datacenter), unit, description);

    private void Observe(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, () => new Measurement<long>(read(), _datacenter), unit, description);
}
