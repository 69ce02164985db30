namespace OrleansStore.Client;

/// <summary>A record with a value of some type. Immutable if the value is.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Key">The key, in the namespace of the view that was asked.</param>
/// <param name="Revision">The revision that last changed it: what <see cref="WriteCondition.RevisionIs"/> takes.</param>
/// <param name="Value">The value.</param>
public sealed record StoreItem<T>(StoreKey Key, Revision Revision, T Value);
