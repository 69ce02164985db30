namespace OrleansStore.Verification.Nemesis.Links;

/// <summary>Lets bytes of one direction pass, or makes them wait. Safe for concurrent use.</summary>
internal sealed class LinkGate
{
    private volatile TaskCompletionSource? _opening;

    public bool IsOpen => _opening is null;

    public void Close() => Interlocked.CompareExchange(ref _opening, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void Open() => Interlocked.Exchange(ref _opening, null)?.SetResult();

    /// <summary>Waits until it is open.</summary>
    public async ValueTask PassAsync(CancellationToken cancellationToken)
    {
        while (_opening is { } opening)
        {
            await opening.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
