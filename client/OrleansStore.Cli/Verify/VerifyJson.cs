using System.Text.Json;
using OrleansStore.Cli.Sessions;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis;

namespace OrleansStore.Cli.Verify;

/// <summary>The result of a verification for programs.</summary>
internal static class VerifyJson
{
    public static void Write(Utf8JsonWriter json, NemesisReport report, VerifyPlan plan)
    {
        json.WriteBoolean("passed"u8, report.IsPassed);
        json.WriteString("verdict"u8, report.Verdict);
        json.WriteString("linearizability"u8, ChoiceOf<LinearizabilityVerdict>.WordOf(report.History.Linearizability));
        json.WriteNumber("operations"u8, report.History.Operations);
        json.WriteNumber("parts"u8, report.History.Parts);
        json.WriteNumber("seconds"u8, Math.Round(report.Worked.TotalSeconds, 3));
        json.WriteNumber("clients"u8, report.Options.Clients);
        WriteNumber(json, "operationsPerSecond", report.Rate);
        WriteNumber(json, "measuredMaximum", report.MeasuredMaximum);
        json.WriteNumber("repeats"u8, report.Repeats);
        json.WriteNumber("recoveryMs"u8, Math.Round(report.Recovery.TotalMilliseconds, 1));
        WriteSentences(json, "lostWrites", report.History.LostWrites);
        WriteSentences(json, "contradictions", report.Contradictions);
        WriteSentences(json, "notRecovered", report.NotRecovered);
        json.WriteStartObject("omitted"u8);
        foreach (var (kind, reason) in report.Omitted)
        {
            json.WriteString(FaultList.WordOf(kind), reason);
        }

        json.WriteEndObject();
        WriteImpacts(json, report);
        WriteOperations(json, report);
        if (report.History.Counterexample is { } counterexample)
        {
            json.WriteString("counterexample"u8, counterexample.ToString());
        }

        json.WriteString("command"u8, plan.Command);
        json.WriteNumber("seed"u8, report.Options.Seed);
    }

    private static void WriteImpacts(Utf8JsonWriter json, NemesisReport report)
    {
        json.WriteStartArray("faults"u8);
        foreach (var impact in report.Impacts)
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, impact.Kind is { } kind ? FaultList.WordOf(kind) : null);
            json.WriteNumber("count"u8, impact.Kind is null ? 0 : impact.Count);
            json.WriteNumber("worstGapMs"u8, Math.Round(impact.WorstGap.TotalMilliseconds, 1));
            json.WriteNumber("worstLatencyMs"u8, Math.Round(impact.WorstLatency.TotalMilliseconds, 1));
            json.WriteNumber("silenceMs"u8, Math.Round(impact.LongestSilence.TotalMilliseconds, 1));
            json.WriteNumber("answered"u8, impact.Answered);
            json.WriteStartObject("errors"u8);
            foreach (var (code, count) in impact.Errors)
            {
                json.WriteNumber(Failures.NameOf(code), count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, NemesisReport report)
    {
        json.WriteStartObject("latencyMs"u8);
        foreach (var row in report.Operations)
        {
            json.WriteStartObject(row.Name);
            json.WriteNumber("answered"u8, row.Answered);
            json.WriteNumber("rejected"u8, row.Rejected);
            json.WriteNumber("unknown"u8, row.Unknown);
            json.WriteNumber("failed"u8, row.Failed);
            json.WriteNumber("p50"u8, row.P50.TotalMilliseconds);
            json.WriteNumber("p99"u8, row.P99.TotalMilliseconds);
            json.WriteNumber("max"u8, row.Max.TotalMilliseconds);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 1));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteSentences(Utf8JsonWriter json, string name, IReadOnlyList<string> sentences)
    {
        json.WriteStartArray(name);
        foreach (var sentence in sentences)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
    }
}
