using OrleansStore.Datacenters.Identity;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>An identity that the test sets, and what was heard of the others.</summary>
internal sealed class FixedExchange(PeerIdentity own) : IHelloExchange
{
    public event EventHandler? OwnChanged;

    public PeerIdentity Own { get; private set; } = own;

    public List<PeerIdentity> Heard { get; } = [];

    public List<DatacenterId> Lost { get; } = [];

    public void Change(PeerIdentity own)
    {
        Own = own;
        OwnChanged?.Invoke(this, EventArgs.Empty);
    }

    public void OnStarted()
    {
    }

    public string? Judge(PeerIdentity peer) => IdentityComparison.FirstDifference(Own, peer);

    public void OnHello(PeerIdentity peer)
    {
        lock (Heard)
        {
            Heard.Add(peer);
        }
    }

    public void OnLost(DatacenterId peer) => Lost.Add(peer);
}
