using OrleansStore.Consensus;
using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Wire;

/// <summary>Bounds of what travels between datacenters. Decoders refuse what exceeds them, so they may be raised (with a feature level) but not lowered.</summary>
public static class WireLimits
{
    /// <summary>The longest payload, in bytes.</summary>
    public const int MaxPayloadBytes = IPeerLinks.MaxPayloadBytes;

    /// <summary>The longest transaction, in bytes of its encoding (<see cref="Buckets.Commands.TransactionCodec.Measure"/>), that always fits into one payload, forwarded as well as
    /// in an append. A longer one must be refused before it is proposed: once in the log it could reach no follower.</summary>
    public const int MaxTransactionBytes = MaxPayloadBytes - EnvelopeBytes;

    /// <summary>The largest <see cref="RaftOptions.MaxAppendBytes"/> with which every append fits into one payload, however many entries it has.</summary>
    public const int MaxAppendBytes = MaxPayloadBytes - EnvelopeBytes;

    /// <summary>The most bytes (as <see cref="ScanRequest.MaxBytes"/> counts them) of a page that another datacenter is asked for. A larger wish is lowered when the request is
    /// encoded: the page ends sooner and says where to go on.</summary>
    public const int MaxPageBytes = MaxPayloadBytes - EnvelopeBytes - (ScanRequest.MaxLimit * MaxRecordOverheadBytes);

    /// <summary>The most entries in one message: none counts for less than <see cref="Entry.OverheadBytes"/> against the size limits of consensus.</summary>
    public const int MaxEntries = MaxPayloadBytes / Entry.OverheadBytes;

    /// <summary>The longest name of a principal, in bytes of UTF-8.</summary>
    public const int MaxPrincipalNameBytes = 1024;

    /// <summary>The longest authentication type of a principal, in bytes of UTF-8.</summary>
    public const int MaxAuthenticationTypeBytes = 256;

    /// <summary>The longest forwarded request or reply that goes on the control connection, in bytes: no heartbeat waits behind a megabyte.</summary>
    public const int MaxControlForwardBytes = 64 * 1024;

    /// <summary>The longest time that a forwarded request can have left; a later deadline is brought forward to it. 10 minutes.</summary>
    public static readonly TimeSpan MaxRemainingTime = TimeSpan.FromMinutes(10);

    /// <summary>The longest advice when to retry; a longer one is cut. 1 hour.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(1);

    /// <summary>What may stand around a transaction, an entry's data or the records of a page: header, ids, times, principal, trace context, request id, next key.</summary>
    internal const int EnvelopeBytes = 4 * 1024;

    /// <summary>What a record has on the wire beside key, content type and value, at most.</summary>
    internal const int MaxRecordOverheadBytes = 80;

    /// <summary>The most members in each list of a configuration.</summary>
    internal const int MaxMembersPerList = byte.MaxValue;
}
