namespace OrleansStore.Service.Peers;

/// <summary>Whether a datacenter can be reached.</summary>
public enum LinkState
{
    /// <summary>No connection, or the peer has been silent for too long.</summary>
    Down = 1,

    /// <summary>Both connections stand, the hellos agree, and the peer answers heartbeats.</summary>
    Up = 2,

    /// <summary>The peer answered with an identity that does not fit; <see cref="LinkStatus.Reason"/> names the field and both values.</summary>
    Refused = 3,
}
