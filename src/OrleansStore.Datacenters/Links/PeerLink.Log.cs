using Microsoft.Extensions.Logging;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

internal sealed partial class PeerLink
{
    [LoggerMessage(6001, LogLevel.Information, "Link {Own} - {Peer} is up")]
    private static partial void LogUp(ILogger logger, string own, string peer);

    [LoggerMessage(6002, LogLevel.Warning, "Link {Own} - {Peer} went down: {Reason}")]
    private static partial void LogDown(ILogger logger, string own, string peer, string? reason);

    [LoggerMessage(6003, LogLevel.Error, "Link {Own} - {Peer} is refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string own, string peer, string? reason);

    [LoggerMessage(6004, LogLevel.Debug, "Link {Own} - {Peer} is still down: {Reason}")]
    private static partial void LogStillDown(ILogger logger, string own, string peer, string? reason);

    // Called on a change of state or reason only: a peer that stays away, or stays refused, is told of once.
    private void LogChange(LinkState state, string? reason, LinkState before)
    {
        var logger = Environment.Logger;
        switch (state)
        {
            case LinkState.Up:
                LogUp(logger, _ownName, Peer.Name);
                break;
            case LinkState.Refused:
                LogRefused(logger, _ownName, Peer.Name, reason);
                break;
            case LinkState.Down when before == LinkState.Up:
                LogDown(logger, _ownName, Peer.Name, reason);
                break;
            default:
                LogStillDown(logger, _ownName, Peer.Name, reason);
                break;
        }
    }
}
