namespace OrleansStore.Storage.Testing;

/// <summary>A scheduler without threads: queued tasks run when somebody pumps, one after another, in the order of queuing.</summary>
/// <remarks>Used by one thread at a time.</remarks>
public sealed class PumpScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = [];

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs what is queued, and what that queues, until nothing is left.</summary>
    public void RunAll()
    {
        while (RunOne())
        {
        }
    }

    /// <summary>Runs the task that was queued first.</summary>
    /// <returns>False where none was queued.</returns>
    public bool RunOne()
    {
        Task? task;
        lock (_tasks)
        {
            if (!_tasks.TryDequeue(out task))
            {
                return false;
            }
        }

        // A context of the test runner would draw every continuation away from this scheduler.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return true;
    }

    /// <summary>Runs an asynchronous function on this scheduler to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that nobody on this scheduler does.</exception>
    public T Run<T>(Func<ValueTask<T>> function)
    {
        var task = Task.Factory.StartNew(() => function().AsTask(), CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();
        RunAll();
        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("The function waits for something outside this scheduler.");
    }

    /// <summary>Runs an asynchronous function on this scheduler to its end.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that nobody on this scheduler does.</exception>
    public void Run(Func<ValueTask> function) => Run(async () =>
    {
        await function();
        return true;
    });

    /// <inheritdoc/>
    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            _tasks.Enqueue(task);
        }
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _tasks.ToArray();
}
