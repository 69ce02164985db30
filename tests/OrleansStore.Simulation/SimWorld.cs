using OrleansStore.Verification;

namespace OrleansStore.Simulation;

/// <summary>Virtual time, one thread, one seed: whatever happens in a simulated run happens here, in an order that the seed alone decides.</summary>
internal sealed class SimWorld(ulong seed)
{
    // A run that does more than this between two moments is in an endless loop.
    private const int MaxTasksPerMoment = 1_000_000;

    private readonly PriorityQueue<(SimScheduler? Owner, Action Act), (long Ticks, long Order)> _events = new();
    private readonly Queue<(SimScheduler Scheduler, Task Task)> _tasks = new();
    private long _order;

    public SplitMix64 Random { get; } = new(seed);

    public TimeSpan Time { get; private set; }

    /// <summary>A hash over everything that was observed: equal for two runs that did the same.</summary>
    public ulong EventHash { get; private set; } = 14695981039346656037UL;

    public long EventCount { get; private set; }

    public void Enqueue(SimScheduler scheduler, Task task) => _tasks.Enqueue((scheduler, task));

    /// <summary>Lets something happen later.</summary>
    /// <param name="delay">How much later.</param>
    /// <param name="act">What.</param>
    /// <param name="owner">The process to which it happens: not at all if that is gone by then, and later if it is stopped. Null for the world itself.</param>
    public void After(TimeSpan delay, Action act, SimScheduler? owner = null) =>
        _events.Enqueue((owner, act), ((Time + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero)).Ticks, _order++));

    public void Recur(TimeSpan period, Action act) => After(period, () =>
    {
        act();
        Recur(period, act);
    });

    /// <summary>A task that ends after a delay, on whatever scheduler awaits it.</summary>
    public ValueTask Delay(TimeSpan delay, SimScheduler owner)
    {
        // Continuations go to the awaiter's scheduler, which is never the one this is completed on. (With RunContinuationsAsynchronously those of
        // combinators such as Task.WhenAny would go to the thread pool.)
        var completion = new TaskCompletionSource();
        After(delay, completion.SetResult, owner);
        return new ValueTask(completion.Task);
    }

    public void RunUntil(TimeSpan end)
    {
        RunTasks();
        while (_events.TryPeek(out _, out var next) && next.Ticks <= end.Ticks)
        {
            var (owner, act) = _events.Dequeue();
            Time = new TimeSpan(next.Ticks);
            if (owner is { IsDead: true })
            {
                continue;
            }

            if (owner is { IsStopped: true })
            {
                // A stopped process finds everything that came meanwhile when it goes on.
                After(TimeSpan.FromMilliseconds(20), act, owner);
                continue;
            }

            EventCount++;
            act();
            RunTasks();
        }

        Time = end;
    }

    /// <summary>Runs until a task has ended, and gives its result.</summary>
    public T Await<T>(Task<T> task, TimeSpan limit)
    {
        var end = Time + limit;
        RunTasks();
        while (!task.IsCompleted && Time < end)
        {
            RunUntil(Time + TimeSpan.FromMilliseconds(1));
        }

        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new SimulationViolationException(new Violation(VerifiedProperty.Liveness, $"a task did not end within {limit}"));
    }

    public void Observe(params ReadOnlySpan<ulong> values)
    {
        Mix((ulong)Time.Ticks);
        foreach (var value in values)
        {
            Mix(value);
        }
    }

    public TimeSpan Milliseconds(int below) => TimeSpan.FromMicroseconds(Random.Next(Math.Max(1, below * 1000)));

    private void Mix(ulong value) => EventHash = unchecked((EventHash ^ value) * 1099511628211UL);

    private void RunTasks()
    {
        for (var count = 0; _tasks.TryDequeue(out var next); count++)
        {
            if (count > MaxTasksPerMoment)
            {
                throw new SimulationViolationException("an endless loop: a million tasks ran without any time passing");
            }

            next.Scheduler.Execute(next.Task);
        }
    }
}
