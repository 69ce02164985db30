namespace OrleansStore.Cli.Transfer;

/// <summary>A line that is to be imported.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Record">What it holds.</param>
internal sealed record ImportLine(long Number, TransferRecord Record);
