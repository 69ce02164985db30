namespace OrleansStore.Service.Replicas;

/// <summary>Buckets that inputs of one batch have called to a turn. A few of them at a time share one task: handing a task to a thread costs about as much as a short turn.</summary>
/// <remarks>Safe for concurrent use. Whoever adds sees to it that <see cref="Start"/> follows: until then the buckets take no other turn.</remarks>
internal sealed class TurnGroup(BucketSilo silo)
{
    // Turns that run one after the other; more go to other threads.
    private const int MaxTurnsPerTask = 8;

    private readonly Lock _gate = new();
    private List<BucketHost> _called = [];
    private List<BucketHost> _spare = [];

    /// <summary>Adds a bucket whose turn has begun: nobody else adds it before it has ended.</summary>
    public void Add(BucketHost host)
    {
        lock (_gate)
        {
            _called.Add(host);
        }
    }

    /// <summary>Runs the turns of all that were added.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_called.Count == 0)
            {
                return;
            }

            (_called, _spare) = (_spare, _called);
            for (var first = 0; first < _spare.Count; first += MaxTurnsPerTask)
            {
                var count = Math.Min(MaxTurnsPerTask, _spare.Count - first);
                silo.RunTurn(count == 1 ? _spare[first] : new Turns(_spare.GetRange(first, count)));
            }

            _spare.Clear();
        }
    }

    private sealed class Turns(List<BucketHost> hosts) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            foreach (IThreadPoolWorkItem host in hosts)
            {
                host.Execute();
            }
        }
    }
}
