using Microsoft.Extensions.Logging;

namespace OrleansStore.Http;

/// <content>What operators are told.</content>
internal sealed partial class StoreFacade
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "A request of {Route} failed because of a fault in this process. Trace {TraceId}.")]
    private static partial void LogFault(ILogger logger, Exception exception, string route, string traceId);
}
