namespace OrleansStore.Embedded.Testing;

/// <summary>Runs any number of processes on the calling thread in virtual time. The same program and seed give the same run.</summary>
/// <remarks>Nothing happens but inside <see cref="RunFor"/> and <see cref="RunUntil"/>: they run what is ready, in the order in which it became ready, and
/// where nothing is, they turn
/// the clock to the next timer. Not safe for concurrent use.</remarks>
public sealed class VirtualWorld
{
    /// <summary>The most tasks that run without the clock moving: more is a loop without end.</summary>
    public const int MaxTasksPerInstant = 1_000_000;

    private readonly Queue<(VirtualProcess Process, Task Task)> _ready = new();
    private readonly PriorityQueue<VirtualTimer, (long DueTicks, long Order)> _timers = new();
    private long _order;
    private uint _processes;
    private int _tasksThisInstant;
    private int _thread;
    private volatile string? _stranger;

    /// <summary>Creates a world at time zero.</summary>
    public VirtualWorld() => Outside = new VirtualProcess(this, 0, "outside", TimeSpan.Zero);

    /// <summary>The time since the start, in ticks.</summary>
    public long NowTicks { get; private set; }

    /// <summary>The process of whatever is nobody's: networks, for example. Do not pause it.</summary>
    public VirtualProcess Outside { get; }

    /// <summary>A hash over which process ran at which time, task by task, and over all bytes that arrived: equal for equal runs.</summary>
    public ulong EventHash { get; private set; }

    /// <summary>Adds a process.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="skew">How far its wall clock is ahead.</param>
    public VirtualProcess CreateProcess(string name, TimeSpan skew = default) => new(this, ++_processes, name, skew);

    /// <summary>Runs for a span of virtual time.</summary>
    public void RunFor(TimeSpan span)
    {
        var end = NowTicks + span.Ticks;
        Run(() => false, end);
        NowTicks = end;
    }

    /// <summary>Runs until a condition holds.</summary>
    /// <param name="condition">Looked at after every task and timer.</param>
    /// <param name="limit">The most virtual time this may take.</param>
    /// <exception cref="TimeoutException">It did not come to hold in time.</exception>
    public void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        if (!Run(condition, NowTicks + limit.Ticks))
        {
            throw new TimeoutException($"The condition does not hold after {limit} of virtual time.");
        }
    }

    /// <summary>Takes bytes that arrive into <see cref="EventHash"/>.</summary>
    internal void Observe(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            Observe(b);
        }
    }

    internal void Enqueue(VirtualProcess process, Task task)
    {
        CheckThread();
        _ready.Enqueue((process, task));
    }

    internal void Schedule(VirtualTimer timer, long dueTicks)
    {
        CheckThread();
        _timers.Enqueue(timer, (dueTicks, ++_order));
    }

    private void CheckThread()
    {
        if (_thread != 0 && _thread != Environment.CurrentManagedThreadId)
        {
            // Not thrown here: this thread's owner would end the whole test run, or swallow it.
            _stranger = $"A task was made ready, or a timer set, by a thread outside the world, so the run depends on the machine: {Environment.StackTrace}";
        }
    }

    private void Observe(ulong value) => EventHash = unchecked((EventHash ^ value) * 0x100000001B3);

    private bool Run(Func<bool> condition, long endTicks)
    {
        // A synchronization context of the caller's, such as a test runner's, would draw continuations away from the schedulers.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _thread = Environment.CurrentManagedThreadId;
        try
        {
            // So would the scheduler of a caller's task, from code that leaves its own one behind: what timers set off goes on right here only where there is none.
            var run = new Task<bool>(() => RunHere(condition, endTicks));
            run.RunSynchronously(TaskScheduler.Default);
            return run.GetAwaiter().GetResult();
        }
        finally
        {
            _thread = 0;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private bool RunHere(Func<bool> condition, long endTicks)
    {
        while (!condition())
        {
            if (_stranger is { } stranger)
            {
                throw new InvalidOperationException(stranger);
            }

            if (_ready.TryDequeue(out var next))
            {
                Observe(next.Process.Number);
                Observe((ulong)NowTicks);
                if (++_tasksThisInstant > MaxTasksPerInstant)
                {
                    throw new InvalidOperationException($"More than {MaxTasksPerInstant} tasks ran at one instant, the last one in {next.Process.Name}.");
                }

                next.Process.Execute(next.Task);
            }
            else if (_timers.TryPeek(out var timer, out var due) && due.DueTicks <= endTicks)
            {
                _timers.Dequeue();
                _tasksThisInstant = due.DueTicks > NowTicks ? 0 : _tasksThisInstant;
                NowTicks = Math.Max(NowTicks, due.DueTicks);
                timer.Fire(due.DueTicks);
            }
            else
            {
                return false;
            }
        }

        return true;
    }
}
