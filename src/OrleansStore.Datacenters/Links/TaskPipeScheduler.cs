using System.IO.Pipelines;

namespace OrleansStore.Datacenters.Links;

/// <summary>Runs the continuations of a pipe as tasks of a scheduler. Pipes know synchronization contexts and thread pools, but no task schedulers.</summary>
public sealed class TaskPipeScheduler(TaskScheduler scheduler) : PipeScheduler
{
    /// <inheritdoc/>
    public override void Schedule(Action<object?> action, object? state) =>
        _ = Task.Factory.StartNew(action, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
}
