namespace OrleansStore.Verification.Linearizability;

/// <summary>Begins and ends of the decided steps in the order of time, as a linked list that steps are lifted out of and put back into (Lowe, "Testing for linearizability", 2017).</summary>
internal sealed class EventList
{
    // Node 0 is the head; step i has its begin at 1 + 2i and its end at 2 + 2i.
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly Step[] _steps;

    /// <param name="steps">The decided steps by index.</param>
    public EventList(Step[] steps)
    {
        _steps = steps;
        _next = new int[1 + (2 * steps.Length)];
        _previous = new int[_next.Length];

        // At equal times begins come first: such steps overlap.
        var order = Enumerable.Range(1, 2 * steps.Length).OrderBy(TimeOf).ThenBy(node => !IsBegin(node)).ThenBy(node => node).ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            Link(i == 0 ? 0 : order[i - 1], order[i]);
        }

        if (order.Length > 0)
        {
            Link(order[^1], 0);
        }
    }

    public bool IsEmpty => _next[0] == 0;

    /// <summary>When the first of the steps that are left ended: nothing that begins later can come before it.</summary>
    public TimeSpan FirstEnd
    {
        get
        {
            var node = _next[0];
            while (node != 0 && IsBegin(node))
            {
                node = _next[node];
            }

            return node == 0 ? TimeSpan.MaxValue : TimeOf(node);
        }
    }

    /// <summary>The steps that began before any of those that are left ended.</summary>
    public Step[] Candidates()
    {
        var candidates = new List<Step>();
        for (var node = _next[0]; node != 0 && IsBegin(node); node = _next[node])
        {
            candidates.Add(StepOf(node));
        }

        return [.. candidates];
    }

    public void Lift(Step step)
    {
        for (var node = BeginOf(step); node <= EndOf(step); node++)
        {
            Link(_previous[node], _next[node]);
        }
    }

    /// <summary>Puts back the step that was lifted last.</summary>
    public void PutBack(Step step)
    {
        for (var node = EndOf(step); node >= BeginOf(step); node--)
        {
            (_next[_previous[node]], _previous[_next[node]]) = (node, node);
        }
    }

    private static int BeginOf(Step step) => 1 + (2 * step.Index);

    private static int EndOf(Step step) => 2 + (2 * step.Index);

    private static bool IsBegin(int node) => node % 2 == 1;

    private Step StepOf(int node) => _steps[(node - 1) / 2];

    private TimeSpan TimeOf(int node) => IsBegin(node) ? StepOf(node).Begin : StepOf(node).End;

    private void Link(int before, int after) => (_next[before], _previous[after]) = (after, before);
}
