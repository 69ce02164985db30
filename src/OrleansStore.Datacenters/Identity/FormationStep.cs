namespace OrleansStore.Datacenters.Identity;

/// <summary>The steps of forming a store. Each is one durable change of the folder's record.</summary>
internal enum FormationStep
{
    /// <summary>Nothing can be done before the peers say something else.</summary>
    Wait = 1,

    /// <summary>The coordinator mints a store id and proposes a store of the folders that are there; that is its own promise, too.</summary>
    Propose = 2,

    /// <summary>A folder promises to found no other store than the proposed one.</summary>
    Promise = 3,

    /// <summary>The folder becomes a founding member.</summary>
    Form = 4,

    /// <summary>The folder takes the store's identity on, under an incarnation that is none of the founders'.</summary>
    Join = 5,
}
