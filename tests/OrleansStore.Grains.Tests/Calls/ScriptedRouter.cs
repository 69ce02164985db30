using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Tests.Calls;

/// <summary>A router that answers what a test says, in order, the last one again and again, and remembers what it was asked.</summary>
internal sealed class ScriptedRouter(params Func<object>[] answers) : IStoreRouter
{
    private int _calls;

    public List<RequestId> Ids { get; } = [];

    public int Calls => _calls;

    public ValueTask<RouterAnswer<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, TimeSpan timeout) => Next<ReadResult>();

    public ValueTask<RouterAnswer<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, TimeSpan timeout)
    {
        Ids.Add(callersId.Id);
        return Next<WriteResult>();
    }

    public ValueTask<RouterAnswer<ScanAnswer>> ScanAsync(ScanRequest request, TimeSpan timeout) => Next<ScanAnswer>();

    public ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync(StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout) => Next<OutcomeResult>();

    private ValueTask<RouterAnswer<T>> Next<T>()
        where T : class
    {
        var answer = answers[Math.Min(_calls++, answers.Length - 1)]();
        return new(answer as RouterAnswer<T> ?? new RouterAnswer<T> { Result = (T)answer });
    }
}
