namespace OrleansStore.Http.Bodies;

/// <summary>What one request holds of the budget, and how far its body was read. Used by one request at a time.</summary>
/// <param name="budget">The budget.</param>
internal sealed class BodyLease(BodyBudget budget)
{
    private long _taken;

    /// <summary>The bytes of the body that were read.</summary>
    public long BytesRead { get; set; }

    /// <summary>Whether reading has begun: until then a caller that sent <c>Expect: 100-continue</c> was not told to go on.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Whether the body was read to its end.</summary>
    public bool IsCompleted { get; set; }

    /// <summary>Whether it was decided what becomes of a body that is not wanted.</summary>
    public bool IsSettled { get; set; }

    /// <summary>Whether the connection ends with the answer.</summary>
    public bool EndsConnection { get; set; }

    /// <summary>Takes more bytes of the budget.</summary>
    public bool TryTake(long bytes)
    {
        if (!budget.TryTake(bytes))
        {
            return false;
        }

        _taken += bytes;
        return true;
    }

    /// <summary>Gives everything back.</summary>
    public void Release()
    {
        budget.Return(_taken);
        _taken = 0;
    }
}
