namespace OrleansStore.Client.Orleans;

/// <summary>How the store is called through grains. Checked as a whole, with <see cref="FindErrors"/>, before it is used.</summary>
public sealed class GrainStoreOptions
{
    /// <summary>How long a call may take with all its retries, in [1 ms, 60 s]. Default 5 s. Shorter than a fail-over of the store (about 2 s), writes end as unknown during one.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one copy of a request is waited for before the next is sent, in [1 ms, 60 s]. Default 2 s: so long a call hangs at a silo that died with it.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The first pause between two copies of a request, in [1 ms, <see cref="MaxBackoff"/>]; it doubles from one to the next. Half of each pause is random. Default 20 ms.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between two copies of a request, in [1 ms, 60 s]. Default 500 ms. What a router asks for is honoured beyond it.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Checks everything.</summary>
    /// <returns>One sentence per mistake, with the value at fault; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        Check(nameof(Timeout), Timeout);
        Check(nameof(AttemptTimeout), AttemptTimeout);
        Check(nameof(InitialBackoff), InitialBackoff);
        Check(nameof(MaxBackoff), MaxBackoff);
        if (InitialBackoff > MaxBackoff)
        {
            errors.Add($"{nameof(InitialBackoff)} is {InitialBackoff}; it must not be above {nameof(MaxBackoff)}, which is {MaxBackoff}.");
        }

        return errors;

        void Check(string name, TimeSpan value)
        {
            if (value < TimeSpan.FromMilliseconds(1) || value > CallOptions.MaxTimeout)
            {
                errors.Add($"{name} is {value}; it must be in [00:00:00.001, {CallOptions.MaxTimeout}].");
            }
        }
    }
}
