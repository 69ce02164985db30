namespace OrleansStore.Cli.Commands;

/// <summary>The id of a write.</summary>
/// <param name="Key">The idempotency key.</param>
/// <param name="Made">When the tool made it, so that no copy of the write can be older; null where it was given, and may have been used before.</param>
internal readonly record struct WriteId(string Key, DateTimeOffset? Made);
