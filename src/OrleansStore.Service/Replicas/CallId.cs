namespace OrleansStore.Service.Replicas;

/// <summary>The ids of calls: whose they are, and a number.</summary>
/// <remarks>
/// <code>
///   63          32 31           0
///   tag of process | number of call      the number starts again after 2^32 calls, when the one that had it is long over
/// </code>
/// Numbers start anywhere, and so does the tag of a process that is alone: an answer to a call of a process that ran here before is not taken for that to a later call.
/// </remarks>
public static class CallId
{
    /// <summary>The process that waits for the answer: its <see cref="SiloEnvironment.CallTag"/>.</summary>
    public static uint TagOf(ulong id) => (uint)(id >> 32);

    internal static ulong Create(uint tag, uint number) => ((ulong)tag << 32) | number;
}
