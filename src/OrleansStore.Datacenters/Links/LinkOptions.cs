using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>The times and bounds of the links to the other datacenters.</summary>
public sealed class LinkOptions
{
    /// <summary>How often a heartbeat is sent on each control connection. Default 150 ms; at least 10 ms, at most 5 s. Shorter finds a dead link sooner and
    /// costs more.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>A link goes down when the youngest heartbeat that the peer has echoed was sent longer ago than this. Default 800 ms; at least four heartbeat
    /// intervals, because an echo waits for the peer's next heartbeat and one may be late. It must exceed the round trip by two intervals.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>A link goes down when bytes sent on the bulk connection make no progress at the peer for this long. Default 5 s; at least
    /// <see cref="SilenceTimeout"/>. It finds a bulk connection that alone has gone dead.</summary>
    public TimeSpan BulkStallTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long dialling, TLS and hellos of one session may take in all. Default 3 s; at least <see cref="HeartbeatInterval"/>.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The pause before the first attempt after a connection broke, jitter included. Default 50 ms; positive.</summary>
    public TimeSpan MinReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause between two attempts; each failure doubles the pause up to it. Default 1 s; at least
    /// <see cref="MinReconnectDelay"/>.</summary>
    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after the identities did not fit: only an operator can change that. Default 5 s; at least <see cref="MaxReconnectDelay"/>.</summary>
    public TimeSpan RefusedRetryDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most bytes that wait on one control connection. Default 16 MiB; at least one payload of the largest size. Beyond it
    /// <see cref="IPeerLinks.TrySend"/> declines.</summary>
    public int ControlQueueBytes { get; init; } = 16 << 20;

    /// <summary>The most bytes that wait on one bulk connection. Default 32 MiB; at least one payload of the largest size. Beyond it
    /// <see cref="IPeerLinks.TrySend"/> declines.</summary>
    public int BulkQueueBytes { get; init; } = 32 << 20;

    /// <summary>The most bytes a second on one bulk connection. Default 256 MiB; at least 64 KiB. Lower it where the lines between datacenters carry other
    /// traffic.</summary>
    public long BulkBytesPerSecond { get; init; } = 256L << 20;

    /// <summary>The most bytes that bulk may send at once after a rest. Default 1 MiB; at least 16 KiB.</summary>
    public int BulkBurstBytes { get; init; } = 1 << 20;

    /// <summary>The most bytes handed to a connection between two looks at what else is due. Default 128 KiB; in [4 KiB, 4 MiB]. A heartbeat waits for at most
    /// this many control bytes, or one frame.</summary>
    public int MaxFlushBytes { get; init; } = 128 << 10;

    /// <summary>The most accepted connections that have not yet said who they are. Default 64; positive. Beyond it new ones are closed at once.</summary>
    public int MaxPendingHandshakes { get; init; } = 64;

    /// <summary>How far the wall clock may be from the other datacenters' before this one must not lead. Default 500 ms; positive.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Checks every bound and the relations between them.</summary>
    /// <exception cref="ArgumentException">Names every property that is out of range, with its value.</exception>
    public void Validate()
    {
        const int MaxFrameBytes = FrameFormat.HeaderBytes + IPeerLinks.MaxPayloadBytes;
        List<string> errors = [];
        Require(
            HeartbeatInterval >= TimeSpan.FromMilliseconds(10) && HeartbeatInterval <= TimeSpan.FromSeconds(5),
            $"HeartbeatInterval is {HeartbeatInterval}; it must be in [10 ms, 5 s]");
        Require(SilenceTimeout >= 4 * HeartbeatInterval, $"SilenceTimeout is {SilenceTimeout}; it must be at least four times HeartbeatInterval = {HeartbeatInterval}");
        Require(BulkStallTimeout >= SilenceTimeout, $"BulkStallTimeout is {BulkStallTimeout}; it must be at least SilenceTimeout = {SilenceTimeout}");
        Require(HandshakeTimeout >= HeartbeatInterval, $"HandshakeTimeout is {HandshakeTimeout}; it must be at least HeartbeatInterval = {HeartbeatInterval}");
        Require(MinReconnectDelay > TimeSpan.Zero, $"MinReconnectDelay is {MinReconnectDelay}; it must be positive");
        Require(MaxReconnectDelay >= MinReconnectDelay, $"MaxReconnectDelay is {MaxReconnectDelay}; it must be at least MinReconnectDelay = {MinReconnectDelay}");
        Require(RefusedRetryDelay >= MaxReconnectDelay, $"RefusedRetryDelay is {RefusedRetryDelay}; it must be at least MaxReconnectDelay = {MaxReconnectDelay}");
        Require(ControlQueueBytes >= MaxFrameBytes, $"ControlQueueBytes is {ControlQueueBytes}; it must be at least {MaxFrameBytes}, the largest frame");
        Require(BulkQueueBytes >= MaxFrameBytes, $"BulkQueueBytes is {BulkQueueBytes}; it must be at least {MaxFrameBytes}, the largest frame");
        Require(BulkBytesPerSecond is >= 64 << 10 and <= 1L << 40, $"BulkBytesPerSecond is {BulkBytesPerSecond}; it must be in [65536, {1L << 40}]");
        Require(BulkBurstBytes is >= 16 << 10 and <= 1 << 30, $"BulkBurstBytes is {BulkBurstBytes}; it must be in [16384, {1 << 30}]");
        Require(MaxFlushBytes is >= 4096 and <= 4 << 20, $"MaxFlushBytes is {MaxFlushBytes}; it must be in [4096, {4 << 20}]");
        Require(MaxPendingHandshakes > 0, $"MaxPendingHandshakes is {MaxPendingHandshakes}; it must be positive");
        Require(MaxClockSkew > TimeSpan.Zero, $"MaxClockSkew is {MaxClockSkew}; it must be positive");
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", errors) + ".");
        }

        void Require(bool condition, string error)
        {
            if (!condition)
            {
                errors.Add(error);
            }
        }
    }
}
