namespace OrleansStore.Datacenters.Identity;

/// <summary>What the links ask and tell about identities. All calls come in the turn of the links' scheduler.</summary>
public interface IHelloExchange
{
    /// <summary>What this process says of itself now. All of it is durable.</summary>
    PeerIdentity Own { get; }

    /// <summary>Raised, on the links' scheduler, after <see cref="Own"/> has changed; the links then tell the peers over the connections that stand.</summary>
    event EventHandler? OwnChanged;

    /// <summary>The links run. Called once, before anything else is told.</summary>
    void OnStarted();

    /// <summary>Decides whether a link to this peer may stand.</summary>
    /// <returns>Null if it may; else why not, with the field and both values.</returns>
    string? Judge(PeerIdentity peer);

    /// <summary>A peer that was judged fit spoke over the link's present connections. Calls about one peer come in the order in which it spoke; nothing
    /// an older session said comes after a newer one's.</summary>
    void OnHello(PeerIdentity peer);

    /// <summary>The connections to the peer are gone; what it said last may no longer hold.</summary>
    void OnLost(DatacenterId peer);
}
