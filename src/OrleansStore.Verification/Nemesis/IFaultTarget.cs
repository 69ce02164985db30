using OrleansStore.Verification.Nemesis.Faults;

namespace OrleansStore.Verification.Nemesis;

/// <summary>A cluster, and what may be done to it. Used by one run at a time, which injects one fault after the other.</summary>
public interface IFaultTarget
{
    /// <summary>What it is, for people: one line.</summary>
    string Description { get; }

    /// <summary>The HTTP address of each datacenter.</summary>
    IReadOnlyList<Uri> Endpoints { get; }

    /// <summary>What cannot be done to it, each with the reason.</summary>
    IReadOnlyDictionary<FaultKind, string> Omitted { get; }

    /// <summary>Does what a fault is, and returns once it is in force.</summary>
    /// <param name="fault">A fault of a kind that is not <see cref="Omitted"/>, with places below the number of endpoints.</param>
    /// <param name="cancellationToken">Ends the waiting; <see cref="HealAsync"/> is called all the same.</param>
    Task InjectAsync(FaultEvent fault, CancellationToken cancellationToken);

    /// <summary>Takes a fault back: links carry, processes run. It does not wait for them to be ready.</summary>
    /// <param name="fault">What was injected last.</param>
    Task HealAsync(FaultEvent fault);

    /// <summary>Looks for what has gone wrong with the cluster by itself: processes that ended though nobody killed them.</summary>
    /// <returns>All that was found so far, one sentence each; empty if nothing was.</returns>
    IReadOnlyList<string> FindComplaints();
}
