namespace OrleansStore.Client.Diagnostics;

/// <summary>The values of the tag <c>outcome</c>.</summary>
internal static class CallOutcomes
{
    /// <summary>The store decided the request, a failed precondition and a missing record included.</summary>
    public const string Answered = "answered";

    /// <summary>Nobody could say what became of a write.</summary>
    public const string Unknown = "unknown";

    /// <summary>The store refused the request, or could not serve it in time.</summary>
    public const string Failed = "failed";

    /// <summary>The caller gave up.</summary>
    public const string Cancelled = "cancelled";
}
