using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Claims;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Deadlines, principals and the rules of requests and replies.</summary>
[Trait("Category", "Unit")]
public sealed class ForwardRulesTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-10_000, 0)]
    [InlineData(9_999, 0)]
    [InlineData(10_000, 1)]
    [InlineData(19_999, 1)]
    [InlineData(6_000_000_000, 600_000)]
    [InlineData(6_000_010_000, 600_000)]
    public void Deadline_TravelsAsTimeLeft_CutToWholeMilliseconds(long ticksLeft, int milliseconds)
    {
        var sender = new MonotonicTime(5_000_000_000);
        var receiver = new MonotonicTime(-77);
        var request = Read(new MonotonicTime(sender.Ticks + ticksLeft));
        var decoded = ForwardedRequestCodec.Decode(Payloads.Encode(request, sender), receiver);
        Assert.Equal(receiver + TimeSpan.FromMilliseconds(milliseconds), decoded.Request.Deadline);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MinValue)]
    public void Deadline_IsBroughtForward_WhenThereIsNone(long now)
    {
        var payload = Payloads.Encode(Read(MonotonicTime.Never), new MonotonicTime(now));
        Assert.Equal(MonotonicTime.Zero + WireLimits.MaxRemainingTime, ForwardedRequestCodec.Decode(payload, MonotonicTime.Zero).Request.Deadline);
    }

    [Fact]
    public void PageBound_IsLowered_ToWhatFitsIntoOnePayload()
    {
        var request = GoldenPayloads.Request(new PageRequest(new ScanRequest(NamespaceId.Default), GoldenPayloads.Deadline));
        var decoded = (PageRequest)ForwardedRequestCodec.Decode(Payloads.Encode(request), Payloads.Now).Request;
        Assert.Equal(WireLimits.MaxPageBytes, decoded.Scan.MaxBytes);
    }

    [Fact]
    public void Principal_IsAuthenticated_OnlyWhereItWas()
    {
        Assert.True(Sent(GoldenPayloads.Ann).Identity!.IsAuthenticated);
        Assert.False(Sent(GoldenPayloads.Anonymous).Identity!.IsAuthenticated);
        Assert.False(Sent(new ClaimsPrincipal()).Identity!.IsAuthenticated);
        Assert.Null(Sent(new ClaimsPrincipal()).Identity!.Name);
        var unproven = Sent(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")])));
        Assert.Equal("ann", unproven.Identity!.Name);
        Assert.False(unproven.Identity.IsAuthenticated);
    }

    [Fact]
    public void Principal_LosesAllOtherClaims_WhenSent()
    {
        var identity = new ClaimsIdentity(
            [new Claim("login", "ann"), new Claim(ClaimTypes.Role, "admin")], "Basic", nameType: "login", roleType: ClaimTypes.Role);
        var sent = Sent(new ClaimsPrincipal([identity, new ClaimsIdentity([new Claim(ClaimTypes.Name, "root")], "Other")]));
        Assert.Equal("ann", sent.Identity!.Name);
        Assert.Equal("Basic", sent.Identity.AuthenticationType);
        Assert.Equal([ClaimTypes.Name], sent.Claims.Select(claim => claim.Type));
    }

    [Fact]
    public void Principal_IsRefusedNotCut_WhenItCannotBeSentWhole()
    {
        Assert.Equal(1024, Sent(Named(new string('x', WireLimits.MaxPrincipalNameBytes))).Identity!.Name!.Length);
        Assert.Throws<ArgumentException>(() => Sent(Named(new string('x', WireLimits.MaxPrincipalNameBytes + 1))));
        Assert.Throws<ArgumentException>(() => Sent(Named(new string('é', (WireLimits.MaxPrincipalNameBytes / 2) + 1))));
        Assert.Throws<ArgumentException>(() => Sent(new ClaimsPrincipal(new ClaimsIdentity([], new string('x', WireLimits.MaxAuthenticationTypeBytes + 1)))));
        Assert.ThrowsAny<ArgumentException>(() => Sent(Named("\uD800")));
    }

    [Fact]
    public void Principal_IsRefused_WhenItsBytesAreNoText()
    {
        var payload = Payloads.Encode(Read(GoldenPayloads.Deadline) with { Principal = GoldenPayloads.Ann });
        var at = payload.AsSpan().IndexOf("ann"u8);
        payload[at] = 0xC0;
        Assert.Throws<CorruptionException>(() => ForwardedRequestCodec.Decode(payload, Payloads.Now));
    }

    [Fact]
    public void Trace_IsLeftOut_WhenItNamesNothing()
    {
        var (traceId, spanId) = (GoldenPayloads.Trace.TraceId, GoldenPayloads.Trace.SpanId);
        var (noTraceId, noSpanId) = (ActivityTraceId.CreateFromBytes(new byte[16]), ActivitySpanId.CreateFromBytes(new byte[8]));
        foreach (var trace in new ActivityContext[] { default, new(noTraceId, spanId, default), new(traceId, noSpanId, default), new(traceId, default, default) })
        {
            var request = Read(GoldenPayloads.Deadline) with { Trace = trace };
            Assert.Null(ForwardedRequestCodec.Decode(Payloads.Encode(request), Payloads.Now).Trace);
        }
    }

    [Fact]
    public void Outcome_NeedsAnIdentity_AtBothEnds()
    {
        var none = GoldenPayloads.Request(new OutcomeRequest(RequestId.None, null, GoldenPayloads.Deadline));
        Assert.Throws<ArgumentException>(() => Payloads.Encode(none));
        var keyed = GoldenPayloads.Request(new OutcomeRequest(RequestId.ForKey("k"), null, GoldenPayloads.Deadline));
        Assert.Throws<ArgumentException>(() => Payloads.Encode(keyed with { Request = new OutcomeRequest(RequestId.ForKey("k"), new WallTime(-1), GoldenPayloads.Deadline) }));

        // Form 3, length, key, no first sent: turn it into form 1, none.
        var payload = Payloads.Encode(keyed);
        Assert.Throws<CorruptionException>(() => ForwardedRequestCodec.Decode([.. payload[..^4], 1, 0], Payloads.Now));
    }

    [Fact]
    public void Payload_IsUnknown_WhenAPartIsFromANewerVersion()
    {
        var read = Payloads.Encode(Read(GoldenPayloads.Deadline));
        Unknown(read, payload => payload[^5] = 5);
        Unknown(read, payload => payload[^4] = 3);
        var write = Payloads.Encode(GoldenPayloads.Request(new WriteRequest(
            new RequestIdentity(RequestId.ForKey("k")), GoldenPayloads.PutIfAbsent, GoldenPayloads.Deadline)));

        // Kind 1, form 3, length 1, "k", two counts, the guard's kind.
        var form = Array.LastIndexOf(write, (byte)'k') - 2;
        Unknown(write, payload => payload[form] = 4);
        Unknown(write, payload => payload[form + 5] = 6);

        var reply = Payloads.Encode(GoldenPayloads.Reply(new BucketReply(0, Outcome: new OutcomeResult(OutcomeStatus.Expired))));
        UnknownReply(reply, payload => payload[^1] = 9);
        UnknownReply(reply, payload => payload[^3] = 7);
    }

    [Fact]
    public void Reply_IsRefused_WhenItSaysWhatCannotBe()
    {
        var write = new WriteResult(WriteStatus.Applied, new Revision(1));
        Refuses(new BucketReply(0));
        Refuses(new BucketReply(0, Write: write, Outcome: new OutcomeResult(OutcomeStatus.Expired)));
        Refuses(new BucketReply(0, Write: write with { Status = 0 }));
        Refuses(new BucketReply(0, Write: write with { FailedGuard = 1 }));
        Refuses(new BucketReply(0, Write: write with { DurableCopies = -1 }));
        Refuses(new BucketReply(0, Write: new WriteResult(WriteStatus.PreconditionFailed, Revision.None)));
        Refuses(new BucketReply(0, Write: new WriteResult(WriteStatus.Throttled, Revision.None) { Operations = [OperationOutcome.Created] }));
        Refuses(new BucketReply(0, Outcome: new OutcomeResult(OutcomeStatus.Applied)));
        Refuses(new BucketReply(0, Outcome: new OutcomeResult(OutcomeStatus.Rejected, write)));
        Refuses(new BucketReply(0, Outcome: new OutcomeResult(OutcomeStatus.Expired, write)));
        Refuses(new BucketReply(0, Read: new ReadResult(ReadStatus.Found, null, Revision.None, LogIndex.None)));
        Refuses(new BucketReply(0, Read: new ReadResult(ReadStatus.NotFound, GoldenPayloads.RecordA, Revision.None, LogIndex.None)));
        Refuses(new BucketReply(0, Read: new ReadResult(ReadStatus.Found, GoldenPayloads.RecordA with { ValueBytes = 1 }, Revision.None, LogIndex.None)));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(GoldenPayloads.Reply(default(BucketReply)) with { Result = default }));
    }

    [Fact]
    public void Page_IsRefused_WhenAScanWouldSkipOrRepeatKeys()
    {
        var (a, b) = (GoldenPayloads.RecordA, GoldenPayloads.RecordA with { Key = StoreKey.FromText("b") });
        var elsewhere = b with { Key = new StoreKey(NamespaceId.System, b.Key.Bytes) };
        _ = Payloads.Encode(GoldenPayloads.Reply(Page([a, b], "c")));
        _ = Payloads.Encode(GoldenPayloads.Reply(Page([], "a")));
        RefusesPage(Page([b, a], null));
        RefusesPage(Page([a, a], null));
        RefusesPage(Page([a, elsewhere], null));
        RefusesPage(Page([a, b], "b"));
        RefusesPage(Page([a, b], ""));
        RefusesPage(Page([a], null) with { Status = ReadStatus.Throttled });
        RefusesPage(Page([], "a") with { Status = ReadStatus.Unavailable });

        var payload = Payloads.Encode(GoldenPayloads.Reply(
            Page([a with { Key = StoreKey.FromText("x"), ContentType = "" }, b with { Key = StoreKey.FromText("y"), ContentType = "" }], "z")));
        foreach (var (of, to) in new[] { ('x', 'y'), ('y', 'x'), ('z', 'y') })
        {
            byte[] changed = [.. payload];
            changed[Array.LastIndexOf(changed, (byte)of)] = (byte)to;
            Assert.Throws<CorruptionException>(() => ForwardedReplyCodec.Decode(changed));
        }
    }

    [Theory]
    [InlineData(-5L, 0)]
    [InlineData(0L, 0)]
    [InlineData(1L, 1)]
    [InlineData(10_001L, 2)]
    [InlineData(long.MaxValue, 3_600_000)]
    public void Advice_IsRoundedUpAndCut(long ticks, int milliseconds)
    {
        var result = new WriteResult(WriteStatus.Throttled, Revision.None) { RetryAfter = new TimeSpan(ticks) };
        var decoded = ForwardedReplyCodec.Decode(Payloads.Encode(GoldenPayloads.Reply(new BucketReply(0, Write: result))));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), decoded.Result.Reply.Write!.RetryAfter);
    }

    [Fact]
    public void Token_StaysBehind()
    {
        var reply = new BucketReply(77, Write: new WriteResult(WriteStatus.Applied, new Revision(1)));
        Assert.Equal(0UL, ForwardedReplyCodec.Decode(Payloads.Encode(GoldenPayloads.Reply(reply))).Result.Reply.Token);
    }

    private static ForwardedRequest Read(MonotonicTime deadline) =>
        GoldenPayloads.Request(new ReadRequest(GoldenPayloads.KeyA, ReadConsistency.Linearizable, deadline));

    private static ClaimsPrincipal Named(string name) => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "Test"));

    private static ClaimsPrincipal Sent(ClaimsPrincipal principal) =>
        ForwardedRequestCodec.Decode(Payloads.Encode(Read(GoldenPayloads.Deadline) with { Principal = principal }), Payloads.Now).Principal;

    private static ScanPage Page(ImmutableArray<StoreRecord> records, string? next) =>
        new(ReadStatus.Found, records, next is null ? default(ReadOnlyMemory<byte>?) : GoldenPayloads.Utf8(next), new Revision(9), new LogIndex(9));

    private static void Refuses(BucketReply reply) => Assert.Throws<InvariantViolationException>(() => Payloads.Encode(GoldenPayloads.Reply(reply)));

    private static void RefusesPage(ScanPage page) => Assert.Throws<InvariantViolationException>(() => Payloads.Encode(GoldenPayloads.Reply(page)));

    private static void Unknown(byte[] payload, Action<byte[]> change)
    {
        byte[] changed = [.. payload];
        change(changed);
        Assert.Throws<UnknownPayloadException>(() => ForwardedRequestCodec.Decode(changed, Payloads.Now));
    }

    private static void UnknownReply(byte[] payload, Action<byte[]> change)
    {
        byte[] changed = [.. payload];
        change(changed);
        Assert.Throws<UnknownPayloadException>(() => ForwardedReplyCodec.Decode(changed));
    }
}
