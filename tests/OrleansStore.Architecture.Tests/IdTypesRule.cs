namespace OrleansStore.Architecture.Tests;

/// <summary>Consensus and Placement are pure: of the abstractions they use id types, the checks of invariants and the randomness port, no requests and no records.</summary>
internal static class IdTypesRule
{
    public const string Abstractions = "OrleansStore.Abstractions";

    private static readonly string[] Pure = ["OrleansStore.Consensus", "OrleansStore.Placement"];

    private static readonly HashSet<string> Allowed =
    [
        "OrleansStore.BucketId", "OrleansStore.DatacenterId", "OrleansStore.Epoch", "OrleansStore.LogIndex", "OrleansStore.MonotonicTime", "OrleansStore.NamespaceId",
        "OrleansStore.ReplicaId", "OrleansStore.Revision", "OrleansStore.Term",

        // Not ids: how a bug of ours is told, how damaged bytes are told, and where randomness comes from.
        "OrleansStore.Diagnostics.Invariant", "OrleansStore.Diagnostics.InvariantMessage", "OrleansStore.CorruptionException",
        "OrleansStore.IRandomSource", "OrleansStore.RandomSourceExtensions",
    ];

    /// <summary>Checks the types of the abstractions that an assembly uses.</summary>
    public static IEnumerable<string> Check(string assembly, IEnumerable<string> typesOfAbstractions) => Pure.Contains(assembly)
        ? typesOfAbstractions.Where(type => !Allowed.Contains(type)).Select(type => $"{assembly} uses {type}, which is no id type")
        : [];
}
