namespace OrleansStore.Cli.Bench;

/// <summary>What one caller does, one request after the other. Decides and counts, and performs no IO; whoever sends the requests says what became of them.</summary>
internal interface ICallerScript
{
    /// <summary>The next request; the last one has been answered.</summary>
    /// <param name="now">The time, as a timestamp of the clock that both sides use.</param>
    /// <param name="request">What to send.</param>
    /// <returns>False where the caller has done its work.</returns>
    bool TryBegin(long now, out BenchRequest request);

    /// <summary>Takes what became of the request.</summary>
    void End(in BenchReply reply, long now);
}
