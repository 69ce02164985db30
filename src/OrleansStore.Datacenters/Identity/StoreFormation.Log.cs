using Microsoft.Extensions.Logging;

namespace OrleansStore.Datacenters.Identity;

public sealed partial class StoreFormation
{
    [LoggerMessage(6101, LogLevel.Information, "{Own} holds no store yet: {Reason}")]
    private static partial void LogWaits(ILogger logger, string own, string reason);

    [LoggerMessage(6102, LogLevel.Information, "{Own}: {Step} store {StoreId}")]
    private static partial void LogStep(ILogger logger, string own, FormationStep step, StoreId storeId);

    [LoggerMessage(6103, LogLevel.Critical, "{Own} cannot record what its folder is; it serves nothing until it is restarted")]
    private static partial void LogFailed(ILogger logger, Exception exception, string own);
}
