namespace OrleansStore.Buckets.Identity;

/// <summary>What the memory of a bucket says of a request.</summary>
internal enum Admission
{
    /// <summary>No copy was decided before: this one may be.</summary>
    New = 1,

    /// <summary>A copy was decided before; its answer stands.</summary>
    Answered = 2,

    /// <summary>The id lies outside of what is remembered.</summary>
    Expired = 3,

    /// <summary>The id belongs to a request with another content.</summary>
    Mismatch = 4,

    /// <summary>Deciding it would mean to remember more than allowed.</summary>
    Throttled = 5,
}
