using Microsoft.Extensions.Logging;

namespace OrleansStore.Datacenters.Links;

public sealed partial class PeerLinks
{
    [LoggerMessage(6020, LogLevel.Critical, "The links of {Own} met a defect and cannot be relied on any more")]
    private static partial void LogDefect(ILogger logger, Exception exception, string own);
}
