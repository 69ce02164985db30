using System.Collections.Immutable;
using OrleansStore.Buckets.Records;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Reads;

namespace OrleansStore.Buckets.Replicas;

/// <content>Reads: at once under a lease, else after a round that all reads of a turn share (Raft thesis, section 6.4).</content>
public sealed partial class BucketReplica
{
    // Reads of this turn, for which the next flush asks.
    private readonly List<(ulong Token, BucketRequest Request)> _unasked = [];

    // Reads whose round is under way, by round.
    private readonly Dictionary<ulong, List<(ulong Token, BucketRequest Request)>> _asked = [];

    // Reads that may be answered once their index is applied.
    private readonly List<(LogIndex Index, ulong Token, BucketRequest Request)> _confirmed = [];
    private ulong _lastRound;
    private int _askedCount;
    private Term _askedTerm;

    private int PendingReads => _unasked.Count + _askedCount + _confirmed.Count;

    // Invariant 6. The core has applied what is committed only when we told it so, so both must agree.
    private bool CanReadNow => _applied == _core.AppliedIndex && _core.HasLeaseForReads(_time.Now);

    private void AcceptRead(ulong token, BucketRequest request)
    {
        if (CanReadNow)
        {
            AnswerRead(token, request);
        }
        else
        {
            _unasked.Add((token, request));
        }
    }

    private void AskForReads()
    {
        if (_unasked.Count == 0)
        {
            return;
        }

        var round = ++_lastRound;
        var reads = _unasked.ToList();
        _unasked.Clear();
        if (_core.Role != RaftRole.Leader || !_core.ReadIndex(_time.Now, round))
        {
            foreach (var (token, request) in reads)
            {
                Refuse(token, request, Refusal.NotLeader);
            }

            return;
        }

        _asked.Add(round, reads);
        _askedCount += reads.Count;
        _askedTerm = _core.Term;
    }

    /// <summary>Sends back the reads of a term that is over: the core has forgotten their rounds, also where this replica leads again already.</summary>
    private void RefuseReadsOfOldTerm()
    {
        if (_asked.Count > 0 && _askedTerm != _core.Term)
        {
            RefuseReads();
        }
    }

    private void ConfirmReads(ReadState confirmed)
    {
        if (_asked.Remove(confirmed.RequestId, out var reads))
        {
            _askedCount -= reads.Count;
            foreach (var (token, request) in reads)
            {
                _confirmed.Add((confirmed.Index, token, request));
            }
        }
    }

    private void AnswerConfirmedReads()
    {
        var kept = 0;
        for (var i = 0; i < _confirmed.Count; i++)
        {
            var (index, token, request) = _confirmed[i];
            if (index <= _applied)
            {
                AnswerRead(token, request);
            }
            else
            {
                _confirmed[kept++] = _confirmed[i];
            }
        }

        _confirmed.RemoveRange(kept, _confirmed.Count - kept);
    }

    /// <summary>Sends back the reads that wait for a confirmation that will not come. Confirmed ones stay: their index is right whoever leads.</summary>
    private void RefuseReads()
    {
        foreach (var (token, request) in _asked.Values.SelectMany(reads => reads).Concat(_unasked))
        {
            Refuse(token, request, Refusal.NotLeader);
        }

        _asked.Clear();
        _unasked.Clear();
        _askedCount = 0;
    }

    private void ExpireReads()
    {
        foreach (var (round, reads) in _asked)
        {
            _askedCount -= reads.RemoveAll(IsExpired);
            if (reads.Count == 0)
            {
                _asked.Remove(round);
            }
        }

        _confirmed.RemoveAll(read => IsExpired((read.Token, read.Request)));

        bool IsExpired((ulong Token, BucketRequest Request) read)
        {
            if (_time.Now < read.Request.Deadline)
            {
                return false;
            }

            Refuse(read.Token, read.Request, Refusal.Unavailable);
            return true;
        }
    }

    private void AnswerRead(ulong token, BucketRequest request)
    {
        if (request is ReadRequest read)
        {
            var found = _state.Records.TryGet(read.Key, out var record);
            Effects.Replies.Add(new BucketReply(token, Read: new ReadResult(
                found ? ReadStatus.Found : ReadStatus.NotFound, found ? record.ToRecord() : null, _state.Revision, _applied)));
            return;
        }

        var scan = ((PageRequest)request).Scan;
        var page = new List<PackedRecord>();
        var next = _state.Records.Scan(scan, page);
        ImmutableArray<StoreRecord> records = [.. page.Select(found => found.ToRecord(scan.IncludeValues))];
        Effects.Replies.Add(new BucketReply(token, Page: new ScanPage(ReadStatus.Found, records, next, _state.Revision, _applied)));
    }
}
