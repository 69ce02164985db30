namespace OrleansStore.Service.Wire;

/// <summary>How a forwarded request ended; the first four are answers to the <see cref="RequestKind"/> of the same value (a <see cref="RequestKind.RememberedWrite"/> is answered like any write). The values stand on the wire: append only, 0 is never valid.</summary>
internal enum ReplyKind : byte
{
    Write = 1,
    Outcome = 2,
    Read = 3,
    Page = 4,
    NotSent = 5,
    Lost = 6,
}
