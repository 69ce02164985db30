using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Conditions;

/// <summary>The preconditions of a request. Both headers may be given: <c>If-Match</c> is evaluated first (RFC 9110, section 13.2.2).</summary>
/// <param name="IfMatch">The record must be one of these.</param>
/// <param name="IfNoneMatch">The record must be none of these.</param>
internal readonly record struct RequestConditions(EntityTagList IfMatch, EntityTagList IfNoneMatch)
{
    /// <summary>Reads both headers.</summary>
    /// <param name="headers">The headers of the request.</param>
    /// <param name="conditions">The conditions, if the result is true.</param>
    /// <param name="problem">What is wrong, if the result is false.</param>
    public static bool TryRead(IHeaderDictionary headers, out RequestConditions conditions, [NotNullWhen(false)] out Problem? problem)
    {
        conditions = default;
        if (!EntityTagList.TryRead(headers.IfMatch, out var ifMatch))
        {
            problem = Malformed("If-Match");
            return false;
        }

        if (!EntityTagList.TryRead(headers.IfNoneMatch, out var ifNoneMatch))
        {
            problem = Malformed("If-None-Match");
            return false;
        }

        conditions = new RequestConditions(ifMatch, ifNoneMatch);
        problem = null;
        return true;
    }

    /// <summary>The conditions as guards of a write, in the order in which they are evaluated.</summary>
    public ImmutableArray<Guard> ToGuards(StoreKey key)
    {
        if (!IfMatch.IsGiven && !IfNoneMatch.IsGiven)
        {
            return [];
        }

        var guards = ImmutableArray.CreateBuilder<Guard>(2);
        if (IfMatch.IsGiven)
        {
            // A list of tags that cannot be ours must still fail, and be remembered as failed: no record has revision 0.
            guards.Add(IfMatch.IsAny ? Guard.Exists(key)
                : IfMatch.Revisions.IsEmpty ? Guard.RevisionIn(key, Revision.None)
                : Guard.RevisionIn(key, IfMatch.Revisions.AsSpan()));
        }

        if (IfNoneMatch.IsAny)
        {
            guards.Add(Guard.NotExists(key));
        }
        else if (IfNoneMatch is { IsGiven: true, Revisions.IsEmpty: false })
        {
            guards.Add(Guard.RevisionNotIn(key, IfNoneMatch.Revisions.AsSpan()));
        }

        return guards.DrainToImmutable();
    }

    /// <summary>What a read of a record that exists answers: 200, 304 or 412. Of one that does not exist the conditions are not looked at (section 13.2.1).</summary>
    public int StatusOfRead(Revision revision) =>
        IfMatch.IsGiven && !IfMatch.Matches(revision) ? StatusCodes.Status412PreconditionFailed
        : IfNoneMatch.IsGiven && IfNoneMatch.Matches(revision) ? StatusCodes.Status304NotModified
        : StatusCodes.Status200OK;

    private static Problem Malformed(string header) =>
        Problem.BadRequest($"{header} is neither * nor a list of 1 to {StoreLimits.MaxGuardRevisions} entity tags in double quotes.");
}
