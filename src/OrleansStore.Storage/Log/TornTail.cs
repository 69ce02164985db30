namespace OrleansStore.Storage.Log;

/// <summary>What recovery cut off the newest segment: the rest of a batch that was in flight at a crash and that nobody was promised.</summary>
/// <param name="File">The segment.</param>
/// <param name="Offset">Where the cut is.</param>
/// <param name="Bytes">How much of the file lay behind it.</param>
public sealed record TornTail(string File, long Offset, long Bytes);
