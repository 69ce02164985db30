namespace OrleansStore.Http.Tests.Support;

/// <summary>Tests that measure the whole process, and so run while no other does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
