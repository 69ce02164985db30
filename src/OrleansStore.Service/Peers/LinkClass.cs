namespace OrleansStore.Service.Peers;

/// <summary>The two connections of a datacenter pair. The values stand on the wire: append only, 0 is never valid.</summary>
public enum LinkClass : byte
{
    /// <summary>Votes, heartbeats, acknowledgements, forwarded requests and their answers: small, and never behind anything large.</summary>
    Control = 1,

    /// <summary>Log entries and snapshot chunks.</summary>
    Bulk = 2,
}
