using OrleansStore.Consensus;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Testing;

/// <summary>A database in memory with the rules of the real one, so that claims and flushes can be tested in virtual time: what is shared, and one <see cref="MemoryDatabaseClient"/> per
/// silo. Used by one thread at a time.</summary>
/// <param name="now">The clock of the database.</param>
internal sealed class MemoryDatabase(Func<TimeSpan> now)
{
    private readonly SortedDictionary<BucketId, Row> _rows = [];
    private readonly Dictionary<ClaimId, Claim> _claims = [];
    private readonly Dictionary<(BucketId Bucket, ClaimId Claim), WriterEpoch> _holders = [];
    private HomeRow _home;
    private (ClaimId Claim, long Number)? _links;
    private long _lastLinks;

    public HomeRow ReadHome() => _home;

    public bool WriteHome(ClaimId claim, HomeRow row)
    {
        if (!_claims.ContainsKey(claim))
        {
            return false;
        }

        _home = new HomeRow(row.Record ?? _home.Record, row.Identity ?? _home.Identity);
        return true;
    }

    public string? TakeClaim(ClaimId claim, string owner, bool isExclusive, TimeSpan duration)
    {
        DeleteExpired(claim);
        if (_claims.FirstOrDefault(other => other.Key != claim && (isExclusive || other.Value.IsExclusive)) is { Value: { } rival })
        {
            return rival.Owner;
        }

        _claims[claim] = new Claim(owner, isExclusive, now() + duration);
        return null;
    }

    public bool RenewClaim(ClaimId claim, TimeSpan duration)
    {
        if (!_claims.TryGetValue(claim, out var found))
        {
            return false;
        }

        _claims[claim] = found with { ExpiresAt = now() + duration };
        return true;
    }

    public void ReleaseClaim(ClaimId claim)
    {
        _claims.Remove(claim);
        _links = _links?.Claim == claim ? null : _links;
        foreach (var hold in _holders.Keys.Where(hold => hold.Claim == claim).ToArray())
        {
            _holders.Remove(hold);
        }
    }

    public long? TakeLinks(ClaimId claim)
    {
        DeleteExpired(claim);
        if (_links is null && _claims.ContainsKey(claim))
        {
            _links = (claim, ++_lastLinks);
        }

        return _links is { } held && held.Claim == claim ? held.Number : null;
    }

    public IReadOnlyList<BucketId> FindFree(ClaimId claim, IReadOnlyCollection<BucketId> buckets)
    {
        DeleteExpired(claim);
        return [.. buckets.Where(bucket => !HasOtherHolders(bucket, claim)).Order()];
    }

    public IReadOnlyList<ReplicaWriter> FindSuperseded(ClaimId claim) =>
        [.. Holds(claim).Where(hold => _rows[hold.Bucket].Replica.Writer.Epoch.Value > hold.Epoch.Value)];

    public void ReleaseHolds(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers)
    {
        foreach (var writer in writers.Where(writer => _holders.TryGetValue((writer.Bucket, claim), out var epoch) && epoch == writer.Epoch))
        {
            _holders.Remove((writer.Bucket, claim));
        }
    }

    public IReadOnlyList<ReplicaWriter> RetakeHolds(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers)
    {
        ReplicaWriter[] kept = [.. writers.Where(writer => _rows[writer.Bucket].Replica.Writer == writer)];
        foreach (var writer in kept)
        {
            _holders[(writer.Bucket, claim)] = writer.Epoch;
        }

        return kept;
    }

    public IReadOnlyList<StoredReplica> List() => [.. _rows.Values.Select(row => row.Replica)];

    public ReplicaOpening? Open(BucketId bucket, ClaimId claim)
    {
        if (!_claims.ContainsKey(claim))
        {
            return null;
        }

        var row = _rows.TryGetValue(bucket, out var found) ? found : _rows[bucket] = new Row();
        var epoch = new WriterEpoch(row.Replica.Writer.Epoch.Value + 1);
        row.Replica = row.Replica with { Writer = new ReplicaWriter(bucket, epoch) };
        row.LastFlush = 0;
        _holders[(bucket, claim)] = epoch;
        return new ReplicaOpening(row.Replica, [.. row.Entries.Values], HasOtherHolders(bucket, claim));
    }

    public IReadOnlyCollection<BucketId> Flush(long number, IReadOnlyCollection<BucketChange> changes)
    {
        List<BucketId> written = [];
        foreach (var change in changes)
        {
            var row = _rows[change.Writer.Bucket];
            if (row.Replica.Writer == change.Writer && row.LastFlush < number)
            {
                row.Apply(number, change);
                written.Add(change.Writer.Bucket);
            }
        }

        return written;
    }

    public IReadOnlyList<FlushTrace> Inspect(IReadOnlyCollection<BucketId> buckets) =>
        [.. buckets.Where(_rows.ContainsKey).Select(bucket => new FlushTrace(_rows[bucket].Replica.Writer, _rows[bucket].LastFlush))];

    public IReadOnlyList<Entry> ReadEntries(BucketId bucket, LogIndex first, LogIndex end) =>
        [.. _rows[bucket].Entries.Values.Where(entry => entry.Index >= first && entry.Index < end)];

    private IEnumerable<ReplicaWriter> Holds(ClaimId claim) =>
        _holders.Where(hold => hold.Key.Claim == claim).Select(hold => new ReplicaWriter(hold.Key.Bucket, hold.Value)).OrderBy(writer => writer.Bucket);

    private bool HasOtherHolders(BucketId bucket, ClaimId claim) => _holders.Keys.Any(hold => hold.Bucket == bucket && hold.Claim != claim);

    private void DeleteExpired(ClaimId asker)
    {
        foreach (var claim in _claims.Where(claim => claim.Key != asker && claim.Value.ExpiresAt < now()).Select(claim => claim.Key).ToArray())
        {
            ReleaseClaim(claim);
        }
    }

    private sealed record Claim(string Owner, bool IsExclusive, TimeSpan ExpiresAt);

    private sealed class Row
    {
        public StoredReplica Replica { get; set; }

        public long LastFlush { get; set; }

        public SortedDictionary<ulong, Entry> Entries { get; } = [];

        public void Apply(long number, BucketChange change)
        {
            LastFlush = number;
            Replica = Replica with
            {
                HardState = change.HardState ?? Replica.HardState,
                CompactedTo = change.CompactedTo ?? Replica.CompactedTo,
                LastIndex = change.LastIndex,
                DueTime = change.DueTime ?? Replica.DueTime,
            };
            foreach (var entry in change.Entries)
            {
                Entries[entry.Index.Value] = entry with { Data = entry.Data.ToArray() };
            }

            foreach (var index in Entries.Keys.Where(index => index > change.LastIndex.Value || index <= change.CompactedIndex.Value).ToArray())
            {
                Entries.Remove(index);
            }
        }
    }
}
