using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis.Checks;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Statistics;

namespace OrleansStore.Verification.Nemesis;

/// <summary>What a run found. Immutable.</summary>
public sealed record NemesisReport
{
    /// <summary>What was done.</summary>
    public required NemesisOptions Options { get; init; }

    /// <summary>The cluster, in words.</summary>
    public required string Target { get; init; }

    /// <summary>Faults that were asked for and left out, with the reason.</summary>
    public required IReadOnlyDictionary<FaultKind, string> Omitted { get; init; }

    /// <summary>The faults as they happened.</summary>
    public required IReadOnlyList<FaultWindow> Faults { get; init; }

    /// <summary>How many operations a second the clients began together; null where nothing held them back.</summary>
    public required double? Rate { get; init; }

    /// <summary>How many operations a second were answered while the load was measured; null where it was not.</summary>
    public required double? MeasuredMaximum { get; init; }

    /// <summary>When the clients stopped, from the beginning of the run.</summary>
    public required TimeSpan Worked { get; init; }

    /// <summary>What the checks of the history came to.</summary>
    public required HistoryVerdict History { get; init; }

    /// <summary>Answers to one request id that differ, one sentence each.</summary>
    public required IReadOnlyList<string> Contradictions { get; init; }

    /// <summary>How often a write was sent again under its id.</summary>
    public required long Repeats { get; init; }

    /// <summary>What did not come back in time after a fault, or ended by itself; one sentence each.</summary>
    public required IReadOnlyList<string> NotRecovered { get; init; }

    /// <summary>How long after all was healed the last client was answered.</summary>
    public required TimeSpan Recovery { get; init; }

    /// <summary>What clients felt, by kind of fault.</summary>
    public required IReadOnlyList<FaultImpact> Impacts { get; init; }

    /// <summary>Latency over time, by the second.</summary>
    public required IReadOnlyList<LatencySecond> Seconds { get; init; }

    /// <summary>Latency by what was done.</summary>
    public required IReadOnlyList<OperationSummary> Operations { get; init; }

    /// <summary>Whether it was stopped before its time.</summary>
    public required bool WasStopped { get; init; }

    /// <summary>Whether everything holds: linearizable, nothing lost, nothing twice, all came back.</summary>
    public bool IsPassed =>
        History is { Linearizability: LinearizabilityVerdict.Linearizable, LostWrites.Count: 0 } && Contradictions.Count == 0 && NotRecovered.Count == 0 && !WasStopped;

    /// <summary>The verdict in one sentence.</summary>
    public string Verdict => History.Linearizability switch
    {
        LinearizabilityVerdict.NotLinearizable => "Violated: the history is not linearizable.",
        _ when History.LostWrites.Count > 0 => "Violated: acknowledged writes were lost.",
        _ when Contradictions.Count > 0 => "Violated: a request id got two different answers.",
        LinearizabilityVerdict.Undecided => "Undecided: a part of the history was too hard to check.",
        _ when WasStopped => "Stopped early: linearizable and nothing lost up to then.",
        _ when NotRecovered.Count > 0 => "Violated: not everything came back after the faults.",
        _ => "Linearizable, and no acknowledged write lost.",
    };
}
