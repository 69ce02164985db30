namespace OrleansStore.Verification.Linearizability;

/// <summary>A put or delete, with its key and content as numbers.</summary>
/// <param name="Key">The key's number in its component.</param>
/// <param name="Content">The number of the content put; 0 for a delete.</param>
/// <param name="Existed">Whether the answer says that there was a record before; null where it does not tell.</param>
internal readonly record struct Change(int Key, int Content, bool? Existed);
