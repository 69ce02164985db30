namespace OrleansStore.Verification.Nemesis;

/// <summary>The time since a run began. Safe for concurrent use.</summary>
internal sealed class NemesisClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    public TimeProvider Provider => time;

    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Waits until a moment of the run; returns at once where it is past.</summary>
    public async Task WaitUntilAsync(TimeSpan moment, CancellationToken cancellationToken)
    {
        if (moment - Now is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
