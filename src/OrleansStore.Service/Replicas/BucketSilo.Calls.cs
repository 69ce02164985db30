using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Replicas;

/// <content>Calls to replicas: of this process through their mailboxes, of others through the links.</content>
public sealed partial class BucketSilo
{
    // A replica answers at the deadline that it gives up; its word takes a moment to arrive.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(250);

    // Calls that wait for an answer, by correlation id.
    private readonly ConcurrentDictionary<ulong, PendingCall> _calls = new();
    private readonly uint _callTag;
    private uint _lastCall;

    /// <inheritdoc/>
    public ValueTask<CallResult> CallAsync(
        DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return datacenter == Local && Gate.IsHere(bucket)
            ? AwaitAsync(datacenter, request, id => TryPost(bucket, id, request), cancellationToken)
            : AwaitAsync(datacenter, request, id => TrySend(datacenter, DatacenterId.None, bucket, id, request, context), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CallResult> RelayAsync(
        DatacenterId relay, DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfEqual(relay, Local);
        return AwaitAsync(relay, request, id => TrySend(relay, datacenter, bucket, id, request, context), cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CallResult> AwaitAsync(DatacenterId via, BucketRequest request, Func<ulong, bool> trySend, CancellationToken cancellationToken)
    {
        if (_isStopping || _storage is null)
        {
            return new CallResult(CallStatus.NotSent);
        }

        var id = CallId.Create(_callTag, Interlocked.Increment(ref _lastCall));
        var call = new PendingCall(via, request.Deadline + AnswerGrace);
        _calls[id] = call;

        // Not Task.WaitAsync: it would continue on the thread pool, and so out of the order that a simulation must keep.
        await using var registration = cancellationToken.UnsafeRegister(
            static (completion, token) => ((TaskCompletionSource<CallResult>)completion!).TrySetCanceled(token), call.Completion);
        try
        {
            return trySend(id) ? await call.Completion.Task : new CallResult(CallStatus.NotSent);
        }
        finally
        {
            _calls.TryRemove(id, out _);
        }
    }

    private bool TrySend(DatacenterId to, DatacenterId destination, BucketId bucket, ulong id, BucketRequest request, RequestContext context) =>
        IsReachable(to) && Messenger.TrySendRequest(to, id, bucket, request, context, destination, Now);

    private bool TryPost(BucketId bucket, ulong id, BucketRequest request)
    {
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
