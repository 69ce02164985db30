using System.Diagnostics.CodeAnalysis;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Targets;

/// <summary>The parameters of a query, in the order of the names that were asked for. Values are still percent-encoded; a plus sign is a plus sign.</summary>
internal readonly struct QueryParameters
{
    private readonly string?[]? _values;

    private QueryParameters(string?[] values) => _values = values;

    /// <summary>The value of the name at a position; null where it was not given.</summary>
    public string? this[int position] => _values?[position];

    /// <summary>Reads a query.</summary>
    /// <param name="query">The query without its question mark.</param>
    /// <param name="names">The names that may be given, each once.</param>
    /// <param name="parameters">The values, if the result is true.</param>
    /// <param name="problem">What is wrong, if the result is false.</param>
    public static bool TryRead(ReadOnlySpan<char> query, ReadOnlySpan<string> names, out QueryParameters parameters, [NotNullWhen(false)] out Problem? problem)
    {
        parameters = default;
        problem = null;
        if (query.IsEmpty)
        {
            return true;
        }

        var values = new string?[names.Length];
        foreach (var range in query.Split('&'))
        {
            var piece = query[range];
            if (piece.IsEmpty)
            {
                continue;
            }

            problem = Add(piece, names, values);
            if (problem is not null)
            {
                return false;
            }
        }

        parameters = new QueryParameters(values);
        return true;
    }

    /// <summary>Whether a query names a parameter, well-formed or not.</summary>
    public static bool Has(ReadOnlySpan<char> query, string name)
    {
        foreach (var range in query.Split('&'))
        {
            if (NameOf(query[range]).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> piece)
    {
        var length = piece.IndexOf('=');
        return length < 0 ? piece : piece[..length];
    }

    private static Problem? Add(ReadOnlySpan<char> piece, ReadOnlySpan<string> names, string?[] values)
    {
        var name = NameOf(piece);
        for (var i = 0; i < names.Length; i++)
        {
            if (!name.SequenceEqual(names[i]))
            {
                continue;
            }

            if (values[i] is not null)
            {
                return Problem.BadRequest($"The parameter {names[i]} is given twice.");
            }

            if (name.Length == piece.Length)
            {
                return Problem.BadRequest($"The parameter {names[i]} has no value.");
            }

            values[i] = piece[(name.Length + 1)..].ToString();
            return null;
        }

        return Problem.BadRequest(names.IsEmpty
            ? "There is a query parameter; this request takes none."
            : $"There is an unknown query parameter; this request takes {string.Join(", ", names!)}.");
    }
}
