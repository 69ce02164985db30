using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis.Statistics;

/// <summary>Finds what clients felt of each kind of fault. Pure: from the records and the faults alone.</summary>
internal sealed class FaultStatistics
{
    private readonly Window[] _windows;
    private readonly TimeSpan _end;
    private readonly Func<int, int> _datacenterOf;

    /// <param name="faults">The faults in their order.</param>
    /// <param name="end">When the clients stopped.</param>
    /// <param name="datacenterOf">The place of the datacenter that a client talks to.</param>
    public FaultStatistics(IReadOnlyList<FaultWindow> faults, TimeSpan end, Func<int, int> datacenterOf)
    {
        (_end, _datacenterOf) = (end, datacenterOf);
        _windows =
        [
            new Window(null, TimeSpan.Zero),
            .. faults.Select(fault => new Window(fault.Event, fault.Injected)),
        ];
    }

    /// <summary>What each kind came to: the time before the first fault first, then by kind.</summary>
    public IReadOnlyList<FaultImpact> Summarize(IReadOnlyList<OperationLog> logs)
    {
        foreach (var log in logs)
        {
            Take(log);
        }

        TakeSilence(logs);
        return
        [
            .. _windows.GroupBy(window => window.Event?.Kind).OrderBy(group => group.Key ?? 0).Select(group => new FaultImpact(
                group.Key,
                group.Count(),
                group.Max(window => window.WorstGap),
                group.Max(window => window.WorstLatency),
                group.Max(window => window.LongestSilence),
                group.Sum(window => window.Answered),
                group.SelectMany(window => window.Errors).GroupBy(error => error.Key).OrderBy(error => error.Key).ToDictionary(error => error.Key, error => error.Sum(pair => pair.Value)))),
        ];
    }

    private void Take(OperationLog log)
    {
        TimeSpan? lastAnswer = null;
        for (var i = 0; i < log.Count; i++)
        {
            ref readonly var record = ref log[i];
            if (record.BeginTime >= _end)
            {
                break;
            }

            var window = WindowOf(record.EndTime);
            if (!record.IsAnswered)
            {
                window.Errors[(ErrorCode)record.Error] = window.Errors.GetValueOrDefault((ErrorCode)record.Error) + 1;
                continue;
            }

            window.Answered++;
            var datacenter = _datacenterOf(record.Client);
            ForEachOverlapping(record.BeginTime, record.EndTime, datacenter, (overlapping, time) => overlapping.WorstLatency = Max(overlapping.WorstLatency, time));
            AddGap(lastAnswer ?? record.BeginTime, record.EndTime, datacenter);
            lastAnswer = record.EndTime;
        }

        // A client that was not answered again has a gap up to the end.
        if (log.Count > 0)
        {
            AddGap(lastAnswer ?? log[0].BeginTime, _end, _datacenterOf(log[0].Client));
        }
    }

    private void AddGap(TimeSpan from, TimeSpan to, int datacenter) =>
        ForEachOverlapping(from, to, datacenter, (window, time) => window.WorstGap = Max(window.WorstGap, time));

    private void ForEachOverlapping(TimeSpan from, TimeSpan to, int datacenter, Action<Window, TimeSpan> action) => ForEachReached(from, to, (window, time) =>
    {
        if (window.Counts(datacenter))
        {
            action(window, time);
        }
    });

    /// <summary>Gives a time to every window that it reaches into. It counts from its beginning, also where that is before the window, but only to the end of the window: what comes then is the next
    /// fault's.</summary>
    private void ForEachReached(TimeSpan from, TimeSpan to, Action<Window, TimeSpan> action)
    {
        for (var i = IndexOf(from); i < _windows.Length && (_windows[i].Start < to || i == 0); i++)
        {
            action(_windows[i], (i + 1 < _windows.Length && _windows[i + 1].Start < to ? _windows[i + 1].Start : to) - from);
        }
    }

    private void TakeSilence(IReadOnlyList<OperationLog> logs)
    {
        // Answers in steps of a millisecond: which of them had one.
        var answered = new System.Collections.BitArray((int)_end.TotalMilliseconds + 2);
        foreach (var log in logs)
        {
            for (var i = 0; i < log.Count; i++)
            {
                if (log[i].IsAnswered && log[i].EndTime < _end)
                {
                    answered[(int)log[i].EndTime.TotalMilliseconds] = true;
                }
            }
        }

        var last = 0;
        for (var at = 0; at < answered.Length; at++)
        {
            if (answered[at] || at == answered.Length - 1)
            {
                ForEachReached(TimeSpan.FromMilliseconds(last), TimeSpan.FromMilliseconds(at), (window, time) => window.LongestSilence = Max(window.LongestSilence, time));
                last = at;
            }
        }
    }

    private Window WindowOf(TimeSpan time) => _windows[IndexOf(time)];

    private int IndexOf(TimeSpan time)
    {
        var (low, high) = (0, _windows.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _windows[middle].Start <= time ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private sealed class Window(FaultEvent? fault, TimeSpan start)
    {
        public FaultEvent? Event => fault;

        public TimeSpan Start => start;

        public TimeSpan WorstGap { get; set; }

        public TimeSpan WorstLatency { get; set; }

        public TimeSpan LongestSilence { get; set; }

        public long Answered { get; set; }

        public Dictionary<ErrorCode, long> Errors { get; } = [];

        public bool Counts(int datacenter) => fault is null || fault.Kind == FaultKind.AllKilled || fault.Spares(datacenter);
    }
}
