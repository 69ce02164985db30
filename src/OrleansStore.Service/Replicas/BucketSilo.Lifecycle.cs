namespace OrleansStore.Service.Replicas;

/// <content>A clean end: leadership is handed over and what is in flight finishes, before the storage is taken away.</content>
public sealed partial class BucketSilo
{
    private static readonly TimeSpan StopPollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Stops taking requests, hands leadership over to datacenters that can be reached, and waits for what is in flight.</summary>
    /// <param name="patience">How long to wait; what is not finished then is cut off, and its callers see an unknown outcome.</param>
    /// <returns>Whether everything finished.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        _isStopping = true;
        MayLead = false;
        PostToActive(new HostInput.Resign());
        var end = Now + patience;
        while (Now < end && !_calls.IsEmpty)
        {
            await Task.Delay(StopPollInterval, _environment.Time);
        }

        return _calls.IsEmpty;
    }

    /// <summary>Ends the silo. Its storage may be closed afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        if (_timer is { } timer)
        {
            await timer.DisposeAsync();
        }

        foreach (var sending in _sendings.Values)
        {
            sending.End(isDelivered: false);
        }

        foreach (var reception in _receptions.Values)
        {
            reception.Cancel();
        }

        await Task.WhenAll(_background.Keys);
        foreach (var call in _calls.Values)
        {
            call.Completion.TrySetResult(new Engine.CallResult(Engine.CallStatus.Lost));
        }
    }

    /// <summary>The first datacenter in ring order, other than this one, that can be reached and holds the bucket; null if there is none.</summary>
    internal ReplicaId? SuccessorFor(BucketId bucket)
    {
        foreach (var datacenter in Placement.DatacentersOf(bucket))
        {
            if (datacenter != Local && IsReachable(datacenter))
            {
                return Members.Current(datacenter);
            }
        }

        return null;
    }
}
