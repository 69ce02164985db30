using System.Globalization;
using System.Text;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Every member of what travels, as text: equal texts, equal content. Written without the codecs under test.</summary>
internal static class WireText
{
    public static string Of(in RaftMessage m)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{m.Type} {m.From}->{m.To} term {m.Term} at {m.Index}/{m.LogTerm} commit {m.Commit} reject {m.Reject} hint {m.RejectHint} ");
        text.Append(CultureInfo.InvariantCulture, $"context {m.Context} transfer {m.IsTransfer} sent {m.SentAt.Ticks} snapshot {(m.Snapshot is { } s ? Of(s.Metadata) : "none")}");
        foreach (var entry in m.Entries.Span)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{entry.Id} {entry.Type} {Convert.ToHexString(entry.Data.Span)}");
        }

        return text.ToString();
    }

    public static string Of(SnapshotMetadata metadata) => $"{metadata.LastEntry} {metadata.Config}";

    public static string Of(SnapshotOffer o) =>
        $"{o.Snapshot.Bucket} {o.Epoch} {o.TransferId} {o.From}->{o.To} term {o.Term} sent {o.SentAt.Ticks} revision {o.Snapshot.Revision} size {o.Snapshot.SizeBytes} {Of(o.Snapshot.Metadata)}";

    public static string Of(SnapshotChunk c) => $"{c.Bucket} {c.Epoch} {c.TransferId} {c.Offset} {Convert.ToHexString(c.Bytes.Span)}";

    public static string Of(ForwardedRequest r)
    {
        var identity = r.Principal.Identity;
        var trace = r.Trace is { } t ? $"{t.TraceId}-{t.SpanId}-{(byte)t.TraceFlags}" : "none";
        return $"{r.Bucket} {r.Epoch} {r.CorrelationId} by '{identity?.Name}' '{identity?.AuthenticationType}' {identity?.IsAuthenticated} trace {trace} to {r.Destination} until {r.Request.Deadline.Ticks}: {Of(r.Request)}";
    }

    public static string Of(ForwardedReply r)
    {
        var reply = r.Result.Reply;
        return $"{r.Bucket} {r.Epoch} {r.CorrelationId} {r.Result.Status} leader {reply.Leader} write {Of(reply.Write)} outcome {reply.Outcome?.Status} {Of(reply.Outcome?.Result)} " +
            $"read {Of(reply.Read)} page {Of(reply.Page)}";
    }

    private static string Of(BucketRequest request) => request switch
    {
        WriteRequest w => $"write {w.RemembersRejection} {w.Identity.Id} {w.Identity.AnsweredUpTo} {Convert.ToHexString(TransactionCodec.Encode(w.Transaction))}",
        OutcomeRequest o => $"outcome {o.RequestId} {o.FirstSent}",
        ReadRequest r => $"read {r.Key} {r.Consistency}",
        PageRequest { Scan: { } s } =>
            $"page {s.Namespace} {Of(s.Prefix)} {Of(s.Start)} {Of(s.End)} {s.Limit} {s.MaxBytes} {s.IncludeValues} {s.Consistency}",
        _ => throw new ArgumentException("Unknown request.", nameof(request)),
    };

    private static string Of(ReadOnlyMemory<byte> bytes) => Convert.ToHexString(bytes.Span);

    private static string Of(WriteResult? w) => w is null
        ? "none"
        : $"{w.Status} {w.Revision} guard {w.FailedGuard} [{string.Join(' ', w.Operations)}] copies {w.DurableCopies} retry {w.RetryAfter}";

    private static string Of(ReadResult? r) => r is null ? "none" : $"{r.Status} {r.Revision} {r.AppliedIndex} retry {r.RetryAfter} {Of(r.Record)}";

    private static string Of(ScanPage? p) => p is null
        ? "none"
        : $"{p.Status} {p.Revision} {p.AppliedIndex} retry {p.RetryAfter} next {(p.Next is { } next ? Of(next) : "none")} {string.Join('\n', p.Records.Select(Of))}";

    private static string Of(StoreRecord? r) => r is null
        ? "none"
        : $"{r.Key} = {Of(r.Value)} of {r.ValueBytes} '{r.ContentType}' {r.CreateRevision} {r.ModifyRevision} {r.Version} until {r.ExpiresAt} of {r.Owner} flags {r.Flags}";
}
