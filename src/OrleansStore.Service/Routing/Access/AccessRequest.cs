namespace OrleansStore.Service.Routing.Access;

/// <summary>What a principal wants to do with what.</summary>
/// <param name="Action">The action.</param>
/// <param name="Namespace">The namespace.</param>
/// <param name="Key">The key; for <see cref="StoreAction.Scan"/> the prefix, empty for the whole namespace.</param>
public readonly record struct AccessRequest(StoreAction Action, NamespaceId Namespace, ReadOnlyMemory<byte> Key);
