using System.Globalization;

namespace OrleansStore.Http;

/// <summary>The text forms of ids, outcomes and content types in answers.</summary>
internal static class Texts
{
    /// <summary>The content type of a record that was put without one.</summary>
    public const string DefaultContentType = "application/octet-stream";

    public const string Json = "application/json";

    public const string ProblemJson = "application/problem+json";

    public static string OfBucket(BucketId bucket) => bucket.Packed.ToString(CultureInfo.InvariantCulture);

    /// <summary>The revision as a strong entity tag (RFC 9110, section 8.8.3).</summary>
    public static string EntityTag(Revision revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision.Value}\"");

    public static string OfContentType(string contentType) => contentType.Length == 0 ? DefaultContentType : contentType;

    public static string Of(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Created => "created",
        OperationOutcome.Replaced => "replaced",
        OperationOutcome.Deleted => "deleted",
        OperationOutcome.Missing => "missing",
        _ => "unknown",
    };
}
