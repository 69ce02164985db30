namespace OrleansStore.Embedded.Testing;

/// <summary>One process of a <see cref="VirtualWorld"/>: a scheduler that runs one task at a time and a clock; it can be stopped and continued as by SIGSTOP
/// and SIGCONT.</summary>
public sealed class VirtualProcess
{
    private readonly VirtualWorld _world;
    private readonly Queue<Task> _held = new();
    private readonly ProcessScheduler _scheduler;
    private bool _isPaused;

    internal VirtualProcess(VirtualWorld world, uint number, string name, TimeSpan skew)
    {
        _world = world;
        Number = number;
        Name = name;
        _scheduler = new ProcessScheduler(this);
        Time = new ProcessTime(world, skew);
    }

    /// <summary>For messages.</summary>
    public string Name { get; }

    internal uint Number { get; }

    /// <summary>Runs the process's tasks.</summary>
    public TaskScheduler Scheduler => _scheduler;

    /// <summary>Its clocks and timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>Starts work in this process.</summary>
    public Task Start(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    /// <summary>Stops the process: its tasks wait, its clock goes on.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Continues the process: what waited runs now.</summary>
    public void Resume()
    {
        _isPaused = false;
        while (_held.TryDequeue(out var task))
        {
            _world.Enqueue(this, task);
        }
    }

    internal void Execute(Task task)
    {
        if (_isPaused)
        {
            _held.Enqueue(task);
        }
        else
        {
            _scheduler.Execute(task);
        }
    }

    private sealed class ProcessScheduler(VirtualProcess process) : TaskScheduler
    {
        public override int MaximumConcurrencyLevel => 1;

        public void Execute(Task task) => TryExecuteTask(task);

        protected override void QueueTask(Task task) => process._world.Enqueue(process, task);

        // Inlining would let tasks overtake each other, and run in a process that is paused.
        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class ProcessTime(VirtualWorld world, TimeSpan skew) : TimeProvider
    {
        private static readonly DateTimeOffset Origin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => world.NowTicks;

        public override DateTimeOffset GetUtcNow() => Origin + new TimeSpan(world.NowTicks) + skew;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new VirtualTimer(world, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }
}
