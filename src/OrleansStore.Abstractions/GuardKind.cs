namespace OrleansStore;

/// <summary>What a <see cref="Guard"/> demands. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum GuardKind : byte
{
    /// <summary>The key has a record (<c>If-Match: *</c>).</summary>
    Exists = 1,

    /// <summary>The key has no record (<c>If-None-Match: *</c>).</summary>
    NotExists = 2,

    /// <summary>The key has a record whose modify revision is one of the listed ones (<c>If-Match</c> with a list).</summary>
    RevisionIn = 3,

    /// <summary>The key has no record, or one whose modify revision is none of the listed ones (<c>If-None-Match</c> with a list).</summary>
    RevisionNotIn = 4,

    /// <summary>The key has a record with exactly this value.</summary>
    ValueEquals = 5,
}
