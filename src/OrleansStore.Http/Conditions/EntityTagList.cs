using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace OrleansStore.Http.Conditions;

/// <summary>The value of <c>If-Match</c> or <c>If-None-Match</c> (RFC 9110, sections 13.1.1 and 13.1.2): <c>*</c>, or a list of entity tags.</summary>
/// <remarks>Our tags are strong: a revision in decimal. Well-formed tags that cannot be ours, weak ones among them, match nothing and are left out of <see cref="Revisions"/>.</remarks>
internal readonly struct EntityTagList
{
    private EntityTagList(bool isAny, ImmutableArray<Revision> revisions)
    {
        IsGiven = true;
        IsAny = isAny;
        Revisions = revisions;
    }

    /// <summary>Whether the header is there.</summary>
    public bool IsGiven { get; }

    /// <summary>Whether it is <c>*</c>.</summary>
    public bool IsAny { get; }

    /// <summary>The revisions listed; default where there is no header.</summary>
    public ImmutableArray<Revision> Revisions { get; }

    /// <summary>Whether a record of this revision is matched.</summary>
    public bool Matches(Revision revision) => IsAny || Revisions.Contains(revision);

    /// <summary>Reads a header. Several lines of it are one list (RFC 9110, section 5.3).</summary>
    /// <param name="header">The header's lines.</param>
    /// <param name="list">The list, if the result is true.</param>
    /// <returns>False where the syntax is broken, the list is empty, or it names more than <see cref="StoreLimits.MaxGuardRevisions"/> revisions.</returns>
    public static bool TryRead(StringValues header, out EntityTagList list)
    {
        list = default;
        if (header.Count == 0)
        {
            return true;
        }

        ReadOnlySpan<char> text = header.Count == 1 ? header[0] : string.Join(',', (IEnumerable<string?>)header);
        if (text.Trim(" \t").SequenceEqual("*"))
        {
            list = new EntityTagList(isAny: true, []);
            return true;
        }

        if (!TryReadTags(text, out var revisions))
        {
            return false;
        }

        list = new EntityTagList(isAny: false, revisions);
        return true;
    }

    private static bool TryReadTags(ReadOnlySpan<char> text, out ImmutableArray<Revision> revisions)
    {
        var found = ImmutableArray.CreateBuilder<Revision>(1);
        var tags = 0;
        revisions = [];
        while (true)
        {
            // A recipient must accept empty elements (RFC 9110, section 5.6.1.2).
            text = text.TrimStart(" \t,");
            if (text.IsEmpty)
            {
                break;
            }

            if (!TryTakeTag(ref text, out var revision))
            {
                return false;
            }

            tags++;
            if (revision is { } ours)
            {
                found.Add(ours);
            }
        }

        revisions = found.DrainToImmutable();
        return tags > 0 && revisions.Length <= StoreLimits.MaxGuardRevisions;
    }

    private static bool TryTakeTag(ref ReadOnlySpan<char> text, out Revision? revision)
    {
        revision = null;
        var isWeak = text.StartsWith("W/", StringComparison.Ordinal);
        var tag = isWeak ? text[2..] : text;
        if (tag.IsEmpty || tag[0] != '"')
        {
            return false;
        }

        var length = tag[1..].IndexOf('"');
        if (length < 0)
        {
            return false;
        }

        var opaque = tag.Slice(1, length);
        text = tag[(length + 2)..].TrimStart(" \t");
        if (opaque.ContainsAnyInRange('\0', ' ') || opaque.Contains('\x7F') || (!text.IsEmpty && text[0] != ','))
        {
            return false;
        }

        revision = isWeak ? null : RevisionOf(opaque);
        return true;
    }

    // Tags are compared character by character, so only the text that we write ourselves is ours: "07" is not "7".
    private static Revision? RevisionOf(ReadOnlySpan<char> opaque) =>
        !opaque.IsEmpty && opaque[0] != '0' && ulong.TryParse(opaque, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new Revision(number)
            : null;
}
