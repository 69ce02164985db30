namespace OrleansStore.Datacenters.Links;

/// <summary>Decides whether this datacenter's own wall clock is the one that is off.</summary>
internal static class ClockAgreement
{
    /// <summary>Whether more than half of the measured peers' clocks differ from ours by more than <paramref name="bound"/> for certain.</summary>
    /// <remarks>With one wrong clock of three, the wrong one sees two that differ and the others see one of two, so only the wrong one gives up leading. With
    /// a single measured peer both sides give up: neither can tell, and a wrong time in the log cannot be taken back. Measurements of peers that are down
    /// count on, so that the loss of a third datacenter does not make the two that are left doubt each other anew.</remarks>
    /// <param name="estimates">One per peer; null where none was measured.</param>
    /// <param name="bound">Positive.</param>
    public static bool IsOwnClockOff(ReadOnlySpan<ClockEstimate?> estimates, TimeSpan bound)
    {
        var (measured, beyond) = (0, 0);
        foreach (var estimate in estimates)
        {
            measured += estimate is null ? 0 : 1;
            beyond += estimate?.IsBeyond(bound) == true ? 1 : 0;
        }

        return 2 * beyond > measured;
    }
}
