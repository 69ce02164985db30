using System.Diagnostics.CodeAnalysis;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http.KeyValue;

/// <summary>What a request for one key names in its target.</summary>
/// <param name="Key">The key.</param>
/// <param name="Consistency">What a read may miss.</param>
internal readonly record struct KeyRequest(StoreKey Key, ReadConsistency Consistency)
{
    public const string Base64Parameter = "key64";

    private const string ConsistencyParameter = "consistency";

    private static readonly string[] ReadNames = [Base64Parameter, ConsistencyParameter];
    private static readonly string[] WriteNames = [Base64Parameter];

    /// <summary>Reads the target of a request.</summary>
    /// <param name="target">The target.</param>
    /// <param name="isRead">Whether the request reads.</param>
    /// <param name="request">What it names, if the result is true.</param>
    /// <param name="problem">What is wrong, if the result is false.</param>
    public static bool TryRead(RequestTarget target, bool isRead, out KeyRequest request, [NotNullWhen(false)] out Problem? problem)
    {
        request = default;
        if (!QueryParameters.TryRead(target.Query, isRead ? ReadNames : WriteNames, out var parameters, out problem) ||
            !TryReadKey(target.Path, parameters[0], out var key, out problem))
        {
            return false;
        }

        var consistency = isRead ? ConsistencyOf(parameters[1]) : ReadConsistency.Linearizable;
        if (consistency is null)
        {
            problem = Problem.BadRequest("consistency must be linearizable or eventual.");
            return false;
        }

        request = new KeyRequest(key, consistency.Value);
        return true;
    }

    private static bool TryReadKey(ReadOnlySpan<char> path, string? base64, out StoreKey key, [NotNullWhen(false)] out Problem? problem)
    {
        key = default;
        if (path.StartsWith(Route.KeyPrefix, StringComparison.Ordinal))
        {
            problem = base64 is null ? null : Problem.BadRequest("The key is given twice, in the path and as key64.");
            return problem is null && KeyText.TryRead(path[Route.KeyPrefix.Length..], out key, out problem);
        }

        problem = base64 is null ? Problem.BadRequest("The key is missing: it stands in the path, or as base64url in key64.") : null;
        return problem is null && KeyText.TryReadBase64(base64, out key, out problem);
    }

    private static ReadConsistency? ConsistencyOf(string? text) => text switch
    {
        null or "linearizable" => ReadConsistency.Linearizable,
        "eventual" => ReadConsistency.Eventual,
        _ => null,
    };
}
