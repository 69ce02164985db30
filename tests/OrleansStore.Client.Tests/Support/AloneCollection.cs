namespace OrleansStore.Client.Tests.Support;

/// <summary>Tests that look at what the whole process does, and so run beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
