namespace OrleansStore.Datacenters.Links;

/// <summary>The peer, or this side after a look at the peer's hello, refuses the connection.</summary>
internal sealed class PeerGoodbyeException : Exception
{
    public PeerGoodbyeException()
        : this(new Goodbye(IsRefusal: false, "no reason given"))
    {
    }

    public PeerGoodbyeException(string message)
        : this(new Goodbye(IsRefusal: false, message))
    {
    }

    public PeerGoodbyeException(string message, Exception innerException)
        : base(message, innerException) => Goodbye = new Goodbye(IsRefusal: false, message);

    public PeerGoodbyeException(Goodbye goodbye)
        : base(goodbye.Reason) => Goodbye = goodbye;

    public Goodbye Goodbye { get; }
}
