namespace OrleansStore.Verification.Nemesis.Faults;

/// <summary>Decides beforehand what is done and when, from a seed: one fault at a time, each followed by a pause in which the cluster comes back.</summary>
public static class FaultSchedule
{
    /// <summary>The shortest time from one fault to the next: enough for a fault that outlasts every election, and a start of the process after it.</summary>
    public static readonly TimeSpan ShortestSlot = TimeSpan.FromSeconds(6);

    /// <summary>The longest time from one fault to the next.</summary>
    public static readonly TimeSpan LongestSlot = TimeSpan.FromSeconds(12);

    // How often each kind comes at least, where the time is long enough for it.
    private const int TimesWished = 4;

    private static readonly TimeSpan LongestLeadIn = TimeSpan.FromSeconds(3);

    /// <summary>Draws a schedule.</summary>
    /// <param name="kinds">What may be done, each kind once; empty for nothing.</param>
    /// <param name="from">When the first fault may come.</param>
    /// <param name="duration">How long faults may come; the last one is over before the end.</param>
    /// <param name="datacenters">How many datacenters there are; at least 2.</param>
    /// <param name="random">Where the choices come from.</param>
    /// <returns>The faults in their order. Every kind comes as often as every other, up to one; every datacenter is struck in turn by each kind.</returns>
    public static IReadOnlyList<FaultEvent> Create(IReadOnlyCollection<FaultKind> kinds, TimeSpan from, TimeSpan duration, int datacenters, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(datacenters, 2);
        if (kinds.Count == 0)
        {
            return [];
        }

        // Sorted first: the order in which somebody named them must not change what a seed means.
        FaultKind[] sorted = [.. kinds.Order()];

        var leadIn = duration / 10 < LongestLeadIn ? duration / 10 : LongestLeadIn;
        var even = (duration - leadIn) / (kinds.Count * TimesWished);
        var slot = even < ShortestSlot ? ShortestSlot : even > LongestSlot ? LongestSlot : even;
        var victims = sorted.ToDictionary(kind => kind, _ => random.Next(datacenters));
        var schedule = new List<FaultEvent>();
        var round = new List<FaultKind>();
        for (var start = leadIn; start + slot <= duration; start += slot)
        {
            if (round.Count == 0)
            {
                round.AddRange(Shuffle(sorted, random));
            }

            var kind = round[^1];
            round.RemoveAt(round.Count - 1);
            victims[kind] = kind == FaultKind.DiskFull ? datacenters - 1 : (victims[kind] + 1) % datacenters;
            schedule.Add(Draw(kind, from + start, slot, victims[kind], datacenters, random));
        }

        return schedule;
    }

    private static FaultEvent Draw(FaultKind kind, TimeSpan start, TimeSpan slot, int victim, int datacenters, IRandomSource random)
    {
        var share = (kind == FaultKind.AllKilled ? 0.05 : 0.45) + (0.2 * random.Next(1000) / 1000);
        var peer = kind == FaultKind.Pair ? (victim + 1 + random.Next(datacenters - 1)) % datacenters : victim;
        return new FaultEvent(kind, start, slot * share, victim, peer, kind == FaultKind.OneWay && random.Next(2) == 0);
    }

    private static FaultKind[] Shuffle(IEnumerable<FaultKind> kinds, IRandomSource random)
    {
        FaultKind[] shuffled = [.. kinds];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var other = random.Next(i + 1);
            (shuffled[i], shuffled[other]) = (shuffled[other], shuffled[i]);
        }

        return shuffled;
    }
}
