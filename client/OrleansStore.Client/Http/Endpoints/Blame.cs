namespace OrleansStore.Client.Http.Endpoints;

/// <summary>What the end of a request says of the endpoint it went to.</summary>
internal enum Blame
{
    /// <summary>It serves.</summary>
    None = 1,

    /// <summary>Nothing: its caller gave up, or the store as a whole is short of something.</summary>
    Undecided = 2,

    /// <summary>It could not serve this one in time. Several in a row are reason to leave it alone.</summary>
    Slow = 3,

    /// <summary>It cannot be reached, breaks connections, or is no store. Reason to leave it alone at once.</summary>
    Broken = 4,
}
