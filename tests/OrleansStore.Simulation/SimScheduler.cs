namespace OrleansStore.Simulation;

/// <summary>Runs the tasks of one simulated process, in the order they were queued, on the one thread of the simulation.</summary>
internal sealed class SimScheduler(SimWorld world) : TaskScheduler
{
    // What wants to run while the process is stopped.
    private readonly Queue<Task> _held = new();

    /// <summary>Whether the process is gone: nothing of it runs any more.</summary>
    public bool IsDead { get; set; }

    /// <summary>Whether the process is stopped, as by SIGSTOP.</summary>
    public bool IsStopped { get; private set; }

    public override int MaximumConcurrencyLevel => 1;

    public void Stop() => IsStopped = true;

    public void Resume()
    {
        IsStopped = false;
        while (_held.TryDequeue(out var task))
        {
            world.Enqueue(this, task);
        }
    }

    public void Execute(Task task)
    {
        if (IsStopped && !IsDead)
        {
            _held.Enqueue(task);
        }
        else if (!IsDead)
        {
            TryExecuteTask(task);
        }
    }

    protected override void QueueTask(Task task) => world.Enqueue(this, task);

    // A task that is run inline would run before what was queued earlier.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
