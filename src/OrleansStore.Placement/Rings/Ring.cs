namespace OrleansStore.Placement.Rings;

/// <summary>Which ring a token stands on. Part of what tokens are hashed from: values never change.</summary>
internal enum Ring
{
    /// <summary>Decides which buckets a datacenter takes first.</summary>
    Assignment = 1,

    /// <summary>Decides in which order the datacenters of a bucket campaign after its primary. A ring of its own, because a datacenter holds the buckets near
    /// its tokens on the other one the more surely the later it joined, and would come first in them.</summary>
    Succession = 2,
}
