using OrleansStore.Diagnostics;

namespace OrleansStore.Placement.Rings;

/// <summary>Brings the count of every datacenter within its quota with the fewest moves, also where that takes a chain: a gives to b in one bucket, b to c in
/// another.</summary>
/// <remarks>
/// <para>This is minimum-cost flow by augmenting paths and cycle cancelling (Ahuja, Magnanti and Orlin, "Network Flows", chapter 9) on a graph of
/// the datacenters: an edge from i to j for each bucket in which j may take over from i. It costs <see cref="MoveCost"/> if j did not hold the
/// bucket at the start, minus <see cref="MoveCost"/> if i did not either, and 1 where j is not preferred, minus 1 where i is not.</para>
/// <para>One more node, the pool, stands for the freedom within the quotas: an edge to the pool from each datacenter that may end with one bucket more, and
/// one from the pool to each that may end with one fewer, at no cost. When no cycle has negative cost, pool included, no other placement within
/// the quotas is cheaper.</para>
/// </remarks>
internal sealed class AugmentingPaths
{
    // More than preferences can add up to on any cycle: no move is made for the sake of a preference.
    private const int MoveCost = 256;
    private const int Unreachable = int.MaxValue;

    private readonly Assignment _assignment;
    private readonly ExchangeEdges _edges;
    private readonly int[] _min;
    private readonly int[] _max;
    private readonly int _pool;
    private readonly int[] _distances;
    private readonly int[] _previous;
    private readonly int[] _previousClass;

    private AugmentingPaths(Assignment assignment)
    {
        _assignment = assignment;
        _edges = new ExchangeEdges(assignment);
        _min = assignment.Quotas.Min;
        _max = assignment.Quotas.Max;
        _pool = assignment.Slots;
        _distances = new int[_pool + 1];
        _previous = new int[_pool + 1];
        _previousClass = new int[_pool + 1];
    }

    /// <summary>Moves until each slot's count is within its quota, and the way there from the start is a cheapest one.</summary>
    /// <exception cref="InvariantViolationException">No placement is within the quotas.</exception>
    public static void Balance(Assignment assignment)
    {
        if (assignment.IsSurelyCheapest())
        {
            return;
        }

        var paths = new AugmentingPaths(assignment);
        while (paths.TryImproveCounts())
        {
            // Each path brings one slot nearer to its quota and none farther from it.
        }

        paths.CancelNegativeCycles();
    }

    /// <summary>Shortens one excess, or if there is none one lack. Any path will do: cancelling cycles afterwards makes the whole cheapest.</summary>
    private bool TryImproveCounts()
    {
        var hasExcess = Any(slot => _assignment.Counts[slot] > _max[slot]);
        if (!hasExcess && !Any(slot => _assignment.Counts[slot] < _min[slot]))
        {
            return false;
        }

        var end = hasExcess
            ? FindPath(slot => _assignment.Counts[slot] > _max[slot], slot => _assignment.Counts[slot] < _max[slot])
            : FindPath(slot => _assignment.Counts[slot] > _min[slot], slot => _assignment.Counts[slot] < _min[slot]);
        Invariant.Check(end >= 0, $"no placement is within the quotas; datacenters={_assignment.Slots} buckets={_assignment.Held.Length}");
        for (var to = end; _previous[to] >= 0; to = _previous[to])
        {
            _edges.Move(_previous[to], to, _previousClass[to]);
        }

        return true;
    }

    private bool Any(Func<int, bool> condition)
    {
        for (var slot = 0; slot < _assignment.Slots; slot++)
        {
            if (condition(slot))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Breadth first, so with the fewest exchanges.</summary>
    /// <returns>The end that was reached, or -1.</returns>
    private int FindPath(Func<int, bool> isStart, Func<int, bool> isEnd)
    {
        var queue = new Queue<int>();
        for (var slot = 0; slot < _assignment.Slots; slot++)
        {
            _previous[slot] = -1;
            _distances[slot] = isStart(slot) ? 0 : Unreachable;
            if (isStart(slot))
            {
                queue.Enqueue(slot);
            }
        }

        while (queue.TryDequeue(out var from))
        {
            if (isEnd(from))
            {
                return from;
            }

            for (var to = 0; to < _assignment.Slots; to++)
            {
                var edgeClass = _distances[to] == Unreachable ? _edges.CheapestClass(from, to) : -1;
                if (edgeClass >= 0)
                {
                    (_distances[to], _previous[to], _previousClass[to]) = (_distances[from] + 1, from, edgeClass);
                    queue.Enqueue(to);
                }
            }
        }

        return -1;
    }

    /// <summary>Each round lowers the total cost, a whole number, so the rounds end.</summary>
    private void CancelNegativeCycles()
    {
        for (var start = FindNegativeCycle(); start >= 0; start = FindNegativeCycle())
        {
            // As many steps back as there are nodes surely lead into the cycle.
            for (var step = 0; step <= _pool; step++)
            {
                start = _previous[start];
            }

            // Two edges of the cycle may use the same bucket. What an edge costs depends on who held the bucket at the start, not now, so each
            // edge is still there, at the same cost, when its turn comes.
            var to = start;
            do
            {
                if (_previous[to] != _pool && to != _pool)
                {
                    _edges.Move(_previous[to], to, _previousClass[to]);
                }

                to = _previous[to];
            }
            while (to != start);
        }
    }

    /// <summary>Bellman-Ford from all nodes at once.</summary>
    /// <returns>A node behind a cycle of negative cost, or -1 if there is no such cycle.</returns>
    private int FindNegativeCycle()
    {
        Array.Fill(_distances, 0);
        Array.Fill(_previous, -1);
        var changed = 0;
        for (var round = 0; round <= _pool && changed >= 0; round++)
        {
            changed = -1;
            for (var from = 0; from <= _pool; from++)
            {
                changed = Relax(from) is var to and >= 0 ? to : changed;
            }
        }

        return changed;
    }

    /// <summary>Shortens what paths through <paramref name="from"/> can shorten.</summary>
    /// <returns>A node that is nearer now, or -1.</returns>
    private int Relax(int from)
    {
        var changed = -1;
        for (var to = 0; to <= _pool; to++)
        {
            if (TryGetEdge(from, to, out var edgeClass, out var cost) && _distances[from] + cost < _distances[to])
            {
                _distances[to] = _distances[from] + cost;
                _previous[to] = from;
                _previousClass[to] = edgeClass;
                changed = to;
            }
        }

        return changed;
    }

    private bool TryGetEdge(int from, int to, out int edgeClass, out int cost)
    {
        edgeClass = 0;
        cost = 0;
        if (from == _pool || to == _pool)
        {
            return from == _pool
                ? to != _pool && _assignment.Counts[to] > _min[to]
                : _assignment.Counts[from] < _max[from];
        }

        edgeClass = _edges.CheapestClass(from, to);
        cost = ExchangeEdges.Cost(edgeClass, MoveCost);
        return edgeClass >= 0;
    }
}
