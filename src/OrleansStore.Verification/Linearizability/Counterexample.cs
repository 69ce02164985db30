using System.Text;
using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Reports;

namespace OrleansStore.Verification.Linearizability;

/// <summary>A part of a history that no order explains.</summary>
/// <remarks>Every fact in it was observed: making it small leaves facts out (an operation, a revision, that a write was acknowledged) and never adds or changes one. So what is left is a
/// violation by itself, whatever happened besides.</remarks>
/// <param name="Operations">The part, by begin. Taking any fact away from it leaves something that can be explained, as far as the bound on shrinking allowed to try.</param>
/// <param name="Explained">The longest order of some of them that was found.</param>
/// <param name="Stuck">The operations one of which would have had to come next, and could not.</param>
/// <param name="Context">All operations of the component, by begin.</param>
public sealed record Counterexample(
    IReadOnlyList<ClientOperation> Operations, IReadOnlyList<ClientOperation> Explained, IReadOnlyList<ClientOperation> Stuck, IReadOnlyList<ClientOperation> Context)
{
    /// <summary>The counter-example as lines of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"not linearizable: {Operations.Count} of {Context.Count} operations on these keys contradict each other\n");
        foreach (var operation in Operations)
        {
            text.Append("  ").Append(OperationText.Describe(operation)).Append('\n');
        }

        text.Append("explained, in this order:\n");
        foreach (var operation in Explained)
        {
            text.Append("  ").Append(OperationText.Describe(operation)).Append('\n');
        }

        text.Append("one of these would come next, and none can:\n");
        foreach (var operation in Stuck)
        {
            text.Append("  ").Append(OperationText.Describe(operation)).Append('\n');
        }

        return text.ToString();
    }
}
