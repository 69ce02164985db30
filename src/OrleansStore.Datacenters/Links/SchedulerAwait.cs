namespace OrleansStore.Datacenters.Links;

/// <summary>Keeps awaits of pipes on the scheduler of the awaiting code.</summary>
internal static class SchedulerAwait
{
    /// <summary>Await this instead of a value task that comes from a pipe: a pipe would resume the caller on the pipe's own scheduler, while a task resumes it
    /// on the current one. Costs one task where the pipe has nothing ready, so per batch, never per payload.</summary>
    public static ValueTask<T> Stay<T>(this ValueTask<T> task) => task.IsCompleted ? task : new ValueTask<T>(task.AsTask());
}
