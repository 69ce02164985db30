using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Replicas that answer as a test says.</summary>
internal sealed class ScriptedClient(VirtualTime time, int local) : IBucketClient
{
    /// <summary>Everything that was sent.</summary>
    public List<SentCopy> Copies { get; } = [];

    /// <summary>Datacenters that cannot be reached directly.</summary>
    public HashSet<int> Unreachable { get; } = [];

    /// <summary>How replicas answer; each call may take virtual time.</summary>
    public Func<SentCopy, Task<CallResult>> Respond { get; set; } = copy => Task.FromResult(copy.Answer("Applied", copies: 2));

    public DatacenterId Local { get; } = new((ushort)local);

    public MonotonicTime Now => time.Now;

    public WallTime Wall => time.Wall;

    public bool IsReachable(DatacenterId datacenter) => datacenter == Local || !Unreachable.Contains(datacenter.Value);

    public ValueTask<CallResult> CallAsync(
        DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken) =>
        SendAsync(new SentCopy(Now, datacenter, DatacenterId.None, bucket, request, cancellationToken));

    public ValueTask<CallResult> RelayAsync(
        DatacenterId relay, DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        Assert.NotEqual(Local, relay);
        Assert.NotEqual(datacenter, relay);
        return SendAsync(new SentCopy(Now, datacenter, relay, bucket, request, cancellationToken));
    }

    /// <summary>Answers at once: each function answers one copy, in order, and the last one all that follow.</summary>
    public void Script(params Func<SentCopy, CallResult>[] answers)
    {
        var next = 0;
        Respond = copy => Task.FromResult(answers[Math.Min(next++, answers.Length - 1)](copy));
    }

    /// <summary>Never answers.</summary>
    public async Task<CallResult> HangAsync(SentCopy copy)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, copy.Token);
        return default;
    }

    private async ValueTask<CallResult> SendAsync(SentCopy copy)
    {
        Copies.Add(copy);
        return await Respond(copy);
    }
}
