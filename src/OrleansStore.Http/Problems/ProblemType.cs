namespace OrleansStore.Http.Problems;

/// <summary>A kind of error, as callers script against it.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">A short sentence that is the same for every occurrence.</param>
internal sealed record ProblemType(string Code, int Status, string Title)
{
    /// <summary>The <c>type</c> member of RFC 9457.</summary>
    public string Uri { get; } = $"urn:orleansstore:error:{Code}";
}
