namespace OrleansStore.Cli.Bench;

/// <summary>A caller that writes keys before the measurement; all of them share the work out among themselves.</summary>
internal sealed class PreloadScript(PreloadWork work) : ICallerScript
{
    // While a store elects leaders, or is short of something for a moment, writing waits for it.
    private const int MaxTries = 20;

    private int? _key;
    private int _tries;

    public bool TryBegin(long now, out BenchRequest request)
    {
        if (_key is null)
        {
            _key = work.Take();
            _tries = 0;
        }

        request = new BenchRequest(BenchOperation.Put, _key ?? 0);
        return _key is not null && !work.HasFailed;
    }

    public void End(in BenchReply reply, long now)
    {
        if (reply.Error is null)
        {
            work.Finish();
            _key = null;
        }
        else if (++_tries == MaxTries)
        {
            work.Fail(reply.Error);
        }
    }
}
