using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Tests.Nemesis.Support;

/// <summary>Records in few words. Times are seconds.</summary>
internal static class Logs
{
    public static OperationRecord Get(double begin, double end, int value = 0, ulong revision = 0, int key = 0, int client = 0) => new()
    {
        Begin = Ticks(begin), End = Ticks(end), Kind = WorkKind.Get, Status = value == 0 ? WorkStatus.NotFound : WorkStatus.Found, Value = value, Revision = revision, Key = key, Client = (ushort)client,
    };

    public static OperationRecord Put(double begin, double end, int value, ulong revision, int key = 0, int client = 0) => new()
    {
        Begin = Ticks(begin), End = Ticks(end), Kind = WorkKind.Put, Status = WorkStatus.Applied, Value = value, Revision = revision, Key = key, Client = (ushort)client,
    };

    public static OperationRecord Delete(double begin, double end, ulong revision, int key = 0) => Put(begin, end, 0, revision, key) with { Kind = WorkKind.Delete };

    public static OperationRecord Failed(double begin, double end, ErrorCode code = ErrorCode.Unavailable, WorkStatus status = WorkStatus.Failed) =>
        Put(begin, end, 1, 0) with { Status = status, Error = (byte)code };

    public static OperationLog Of(params OperationRecord[] records)
    {
        var log = new OperationLog();
        foreach (var record in records)
        {
            log.Add(record);
        }

        return log;
    }

    /// <summary>The log of a client that is answered every 100 ms, but for some times.</summary>
    public static OperationLog Steady(int client, double end, params (double From, double To)[] silences)
    {
        var log = new OperationLog();
        for (var at = 0; at < (int)(end * 10); at++)
        {
            var begin = at / 10.0;
            var silence = Array.Find(silences, silence => begin >= silence.From && begin < silence.To);
            if (silence == default)
            {
                log.Add(Get(begin, begin + 0.01, client: client));
            }
        }

        return log;
    }

    private static long Ticks(double seconds) => TimeSpan.FromSeconds(seconds).Ticks;
}
