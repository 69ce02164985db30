using System.Globalization;
using System.Text;
using OrleansStore.Verification.Histories;

namespace OrleansStore.Verification.Reports;

/// <summary>Operations as people read them.</summary>
internal static class OperationText
{
    private const int MaxShownBytes = 12;

    // Keys are told apart by their ends.
    private const int MaxShownKeyBytes = 48;

    public static string Describe(ClientOperation operation) =>
        $"[{Seconds(operation.Begin)}, {(operation.End is { } end ? Seconds(end) : "never")}] client {operation.Client}: {Request(operation)} → {Answer(operation)}";

    public static string Request(ClientOperation operation) => operation switch
    {
        ReadOperation read => $"get {ShowKey(read.Key)}",
        WriteOperation write => string.Join(", ", write.Transaction.Guards.Select(Describe).Concat(write.Transaction.Operations.Select(Describe))),
        _ => operation.ToString(),
    };

    public static string Answer(ClientOperation operation) => operation switch
    {
        { Fate: OperationFate.Unknown } => "outcome unknown",
        ReadOperation { Result: { Record: { } record } result } => $"{Show(record.Value.Span)}{At(record.ModifyRevision)}{Seen(result.Revision)}",
        ReadOperation { Result: { } result } => $"{result.Status}{Seen(result.Revision)}",
        WriteOperation { Result: { } result } => result.Status == WriteStatus.Applied
            ? $"applied{At(result.Revision)}{Outcomes(result)}"
            : $"{result.Status}{(result.FailedGuard is { } guard ? $" (guard {guard})" : string.Empty)}{Seen(result.Revision)}",
        _ => "no answer",
    };

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);

    private static string Describe(Guard guard) => $"if {ShowKey(guard.Key)} " + guard.Kind switch
    {
        GuardKind.Exists => "exists",
        GuardKind.NotExists => "is absent",
        GuardKind.ValueEquals => $"= {Show(guard.Value.Span)}",
        GuardKind.RevisionIn => $"is at {string.Join(" or ", guard.Revisions)}",
        _ => $"is not at {string.Join(" or ", guard.Revisions)}",
    };

    private static string Describe(Operation operation) =>
        operation.Kind == OperationKind.Put ? $"put {ShowKey(operation.Key)} {Show(operation.Value.Span)}" : $"delete {ShowKey(operation.Key)}";

    private static string At(Revision revision) => revision == Revision.None ? string.Empty : $" at revision {revision}";

    private static string Seen(Revision revision) => revision == Revision.None ? string.Empty : $" (bucket at {revision})";

    private static string Outcomes(WriteResult result) => result.Operations.IsEmpty ? string.Empty : $" ({string.Join(", ", result.Operations)})";

    private static string ShowKey(StoreKey key) => Show(key.Bytes.Span, MaxShownKeyBytes);

    private static string Show(ReadOnlySpan<byte> bytes, int max = MaxShownBytes)
    {
        if (bytes.IsEmpty)
        {
            return "''";
        }

        var shown = bytes[..Math.Min(bytes.Length, max)];
        var text = shown.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Convert.ToHexStringLower(shown) : Encoding.ASCII.GetString(shown);
        return bytes.Length > max ? $"{text}… ({bytes.Length} bytes)" : text;
    }
}
