using System.Collections.Concurrent;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Replicas;

/// <content>Calls to replicas: of this process through their mailboxes, of others through the links.</content>
public sealed partial class BucketSilo
{
    // Calls that wait for an answer, by correlation id.
    private readonly ConcurrentDictionary<ulong, PendingCall> _calls = new();
    private ulong _lastCall;

    /// <inheritdoc/>
    public async ValueTask<CallResult> CallAsync(
        DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = Interlocked.Increment(ref _lastCall);
        var call = new PendingCall(datacenter, request.Deadline);
        _calls[id] = call;
        try
        {
            if (!TrySend(datacenter, bucket, id, request, context))
            {
                return new CallResult(CallStatus.NotSent);
            }

            return await call.Completion.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    private bool TrySend(DatacenterId datacenter, BucketId bucket, ulong id, BucketRequest request, RequestContext context)
    {
        if (_isStopping)
        {
            return false;
        }

        if (datacenter != Local)
        {
            return IsReachable(datacenter) && Messenger.TrySendRequest(datacenter, id, bucket, request, context, Now);
        }

        if (HostOf(bucket) is not { State: not HostState.Failed } host)
        {
            return false;
        }

        if (!host.TryPost(new HostInput.Request(request, reply => Answer(id, reply))))
        {
            Answer(id, Refusals.Throttled(request));
        }

        return true;
    }

    private void Answer(ulong id, BucketReply reply)
    {
        if (_calls.TryGetValue(id, out var call))
        {
            // A reply without an answer comes from a replica that failed while the request was under way.
            call.Completion.TrySetResult(reply is { Write: null, Outcome: null, Read: null, Page: null }
                ? new CallResult(CallStatus.Lost)
                : new CallResult(CallStatus.Answered, reply));
        }
    }

    private void ExpireCalls()
    {
        foreach (var call in _calls.Values)
        {
            if (Now >= call.Deadline)
            {
                call.Completion.TrySetResult(new CallResult(CallStatus.Lost));
            }
        }
    }

    private void LoseCallsTo(DatacenterId datacenter)
    {
        foreach (var call in _calls.Values)
        {
            if (call.Datacenter == datacenter)
            {
                call.Completion.TrySetResult(new CallResult(CallStatus.Lost));
            }
        }
    }

    private sealed class PendingCall(DatacenterId datacenter, MonotonicTime deadline)
    {
        public DatacenterId Datacenter => datacenter;

        public MonotonicTime Deadline => deadline;

        public TaskCompletionSource<CallResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
