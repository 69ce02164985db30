namespace OrleansStore.Cli.Transfer;

/// <summary>What an import did.</summary>
/// <param name="Records">How many records there are in what was read of the file, those skipped among them.</param>
/// <param name="Skipped">How many were skipped, as asked.</param>
/// <param name="Written">How many were written.</param>
/// <param name="Existing">How many were left alone, because the key has a record.</param>
/// <param name="ValueBytes">How many bytes the values have that were written.</param>
/// <param name="DoneLines">How many lines from the first on are done with, each one: where to go on.</param>
/// <param name="Failure">Why it ended early; null where it did not.</param>
internal sealed record ImportTally(long Records, long Skipped, long Written, long Existing, long ValueBytes, long DoneLines, ImportFailure? Failure)
{
    /// <summary>Whether every record that was read is accounted for.</summary>
    public bool IsComplete => Failure is null && Records == Skipped + Written + Existing;
}
