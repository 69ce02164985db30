using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.Scans;

/// <summary>The query of a scan.</summary>
/// <param name="Range">The keys asked for.</param>
/// <param name="Position">Where to go on; empty for the beginning of the range.</param>
/// <param name="Limit">The most records of a page.</param>
/// <param name="IncludeValues">Whether values are wanted.</param>
internal readonly record struct ScanQuery(ScanRange Range, byte[] Position, int Limit, bool IncludeValues)
{
    private const int DefaultLimit = 100;

    // A bound may be what follows the longest key.
    private const int MaxBoundBytes = StoreLimits.MaxKeyBytes + 1;

    private static readonly string[] Names = ["prefix", "start", "end", "limit", "cursor", "values"];

    /// <summary>Reads a query. A parameter with an empty value counts as not given.</summary>
    /// <param name="query">The query.</param>
    /// <param name="scan">What it asks for, if the result is true.</param>
    /// <param name="problem">What is wrong, if the result is false.</param>
    public static bool TryRead(ReadOnlySpan<char> query, out ScanQuery scan, [NotNullWhen(false)] out Problem? problem)
    {
        scan = default;
        if (!QueryParameters.TryRead(query, Names, out var parameters, out problem))
        {
            return false;
        }

        var values = ValuesOf(parameters[5]);
        var limitProblem = ReadLimit(parameters[3], out var limit);
        problem = ReadRange(parameters, out var range)
            ?? limitProblem
            ?? (values is null ? Problem.BadRequest("values must be true or false.") : null);
        if (problem is not null)
        {
            return false;
        }

        byte[] position = [];
        if (parameters[4] is { Length: > 0 } cursor && !ScanCursor.TryRead(cursor, range, out position))
        {
            problem = Problem.BadRequest("The cursor is not one of this query. Send it with the same prefix, start and end.");
            return false;
        }

        scan = new ScanQuery(range, position, limit, values ?? false);
        return true;
    }

    private static Problem? ReadRange(QueryParameters parameters, out ScanRange range)
    {
        var problem = KeyText.TryReadBytes(parameters[0], Names[0], StoreLimits.MaxKeyBytes, out var prefix);
        var startProblem = KeyText.TryReadBytes(parameters[1], Names[1], MaxBoundBytes, out var start);
        var endProblem = KeyText.TryReadBytes(parameters[2], Names[2], MaxBoundBytes, out var end);
        range = new ScanRange(prefix, start, end);
        return problem ?? startProblem ?? endProblem;
    }

    private static Problem? ReadLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        var isNumber = string.IsNullOrEmpty(text) || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit);
        return isNumber && limit is >= 1 and <= ScanRequest.MaxLimit
            ? null
            : Problem.BadRequest($"limit must be a whole number in [1, {ScanRequest.MaxLimit}].");
    }

    private static bool? ValuesOf(string? text) => text switch
    {
        null or "" or "false" or "0" => false,
        "true" or "1" => true,
        _ => null,
    };
}
