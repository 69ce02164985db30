using System.Globalization;
using System.Text;
using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Nemesis.Reports;

/// <summary>Faults and errors as people read them.</summary>
internal static class FaultText
{
    /// <summary>What is done, and to whom.</summary>
    public static string Describe(FaultEvent fault) => fault.Kind switch
    {
        FaultKind.AllKilled => "kill -9 of all at once",
        FaultKind.Kill => $"kill -9 of dc{fault.Victim + 1}",
        FaultKind.Stop => $"SIGSTOP of dc{fault.Victim + 1}",
        FaultKind.Partition => $"dc{fault.Victim + 1} cut off",
        FaultKind.OneWay => fault.IsInbound ? $"dc{fault.Victim + 1} hears nobody" : $"nobody hears dc{fault.Victim + 1}",
        FaultKind.Pair => $"dc{fault.Victim + 1} and dc{fault.Peer + 1} do not hear each other",
        FaultKind.Blackhole => $"black holes around dc{fault.Victim + 1}",
        FaultKind.Stall => $"links of dc{fault.Victim + 1} stop and go",
        FaultKind.DiskFull => $"disk of dc{fault.Victim + 1} full",
        _ => fault.Kind.ToString(),
    };

    /// <summary>The same with its times.</summary>
    public static string Describe(FaultWindow fault) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Describe(fault.Event)}: {fault.Injected.TotalSeconds:0.0} s to {fault.Healed.TotalSeconds:0.0} s{(fault.Recovered is { } recovered ? $", all well at {recovered.TotalSeconds:0.0} s" : "")}");

    /// <summary>The name of a kind, as on the command line.</summary>
    public static string NameOf(FaultKind? kind) => kind is null ? "before any" : Hyphenated(kind.Value.ToString());

    /// <summary>The name of a code, as in the HTTP interface.</summary>
    public static string NameOf(ErrorCode code) => Hyphenated(code.ToString());

    private static string Hyphenated(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
