namespace OrleansStore.Datacenters.Links;

/// <summary>Ties the control and the bulk connection of one attempt together. The dialling side draws it.</summary>
/// <param name="Process">Drawn at random by each process of the dialling side.</param>
/// <param name="Number">Counts the attempts of that process, from 1.</param>
internal readonly record struct LinkSessionId(ulong Process, ulong Number)
{
    /// <summary>Whether a connection of this session takes the place of <paramref name="current"/>: only what comes late from an older attempt of
    /// the same process does not. Of two processes the one that is still there to dial is the living one.</summary>
    public bool Replaces(LinkSessionId current) => Process != current.Process || Number > current.Number;

    public override string ToString() => $"{Process:x16}/{Number}";
}
