namespace OrleansStore.Cli.Transfer;

/// <summary>Why an import ended before its end.</summary>
/// <param name="Line">The line at fault, from 1.</param>
/// <param name="Key">Its key; null where it has none.</param>
/// <param name="Error">What is wrong: a <see cref="StoreException"/> or a <see cref="FormatException"/>, or that somebody cancelled it.</param>
internal sealed record ImportFailure(long Line, StoreKey? Key, Exception Error);
