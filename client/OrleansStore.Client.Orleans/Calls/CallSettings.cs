using OrleansStore.Client.Http;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>What all calls of a store share.</summary>
/// <param name="Options">Times.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads pauses.</param>
internal sealed record CallSettings(GrainStoreOptions Options, TimeProvider Time, LockedRandom Random);
