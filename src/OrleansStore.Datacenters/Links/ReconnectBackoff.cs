namespace OrleansStore.Datacenters.Links;

/// <summary>The pauses between attempts to connect: doubled by each failure up to a bound, with jitter so that datacenters do not dial in step.</summary>
internal sealed class ReconnectBackoff
{
    private const int JitterSteps = 1 << 16;

    private readonly TimeSpan _min;
    private readonly TimeSpan _max;
    private readonly IRandomSource _random;
    private TimeSpan _next;

    public ReconnectBackoff(TimeSpan min, TimeSpan max, IRandomSource random)
    {
        _min = _next = min;
        _max = max;
        _random = random;
    }

    /// <summary>Draws the next pause, from the upper half of the present bound.</summary>
    public TimeSpan Next()
    {
        var bound = _next;
        _next = bound > _max / 2 ? _max : bound * 2;
        return (bound / 2) + (bound / 2 * _random.Next(JitterSteps) / JitterSteps);
    }

    /// <summary>Starts again with the shortest pause: a link has been up.</summary>
    public void Reset() => _next = _min;
}
