namespace OrleansStore.Datacenters.Identity;

/// <summary>What a data folder is in its store. The values stand in files and on the wire: append only, 0 is never valid.</summary>
public enum FormationPhase : byte
{
    /// <summary>It holds an incarnation and nothing else.</summary>
    Empty = 1,

    /// <summary>It will found no other store than the one proposed to it, as long as the proposer may still decide for it. Nothing is served.</summary>
    Promised = 2,

    /// <summary>It holds the store and takes part in it under its incarnation.</summary>
    Member = 3,

    /// <summary>It holds the store's identity, but its incarnation is none of the founders': it was wiped, or came later. It votes in nothing until the
    /// replicas have caught up and consensus took them in.</summary>
    Joining = 4,
}
