using System.Collections.Immutable;
using OrleansStore.Client;

namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>What the answers of the client library mean for a record. Pure.</summary>
internal static class WorkAnswer
{
    /// <summary>The record of a write with the answer in it.</summary>
    public static OperationRecord Apply(OperationRecord operation, WriteOutcome outcome)
    {
        switch (outcome)
        {
            case WriteOutcome.Applied applied:
                operation = Decide(operation, applied.HasChanged ? WorkStatus.Applied : WorkStatus.Missing, applied.Revision, applied.Operations);
                break;
            case WriteOutcome.PreconditionFailed:
                operation.Status = WorkStatus.Rejected;
                break;
            default:
                (operation.Status, operation.Error) = (WorkStatus.Unknown, (byte)ErrorCode.OutcomeUnknown);
                break;
        }

        return operation;
    }

    /// <summary>The record of a write of unknown outcome with what the store told of it afterwards.</summary>
    public static OperationRecord Apply(OperationRecord operation, OutcomeResult outcome)
    {
        operation = outcome switch
        {
            { Status: OutcomeStatus.Applied, Result: { } result } => Decide(operation, WorkStatus.Applied, result.Revision, result.Operations),
            { Status: OutcomeStatus.Rejected, Result: { Status: WriteStatus.NotFound } result } => Decide(operation, WorkStatus.Missing, result.Revision, result.Operations),
            { Status: OutcomeStatus.Rejected } => Decide(operation, WorkStatus.Rejected, Revision.None, []),
            { Status: OutcomeStatus.NeverApplied } => Decide(operation, WorkStatus.Failed, Revision.None, []),
            _ => operation,
        };
        operation.Error = operation.Status is WorkStatus.Unknown or WorkStatus.Failed ? (byte)ErrorCode.OutcomeUnknown : (byte)0;
        return operation;
    }

    /// <summary>Whether two answers to one request id say the same.</summary>
    public static bool Agree(WriteOutcome first, WriteOutcome second) => (first, second) switch
    {
        (WriteOutcome.Applied one, WriteOutcome.Applied other) => one.Revision == other.Revision && one.HasChanged == other.HasChanged,
        (WriteOutcome.PreconditionFailed, WriteOutcome.PreconditionFailed) => true,
        _ => false,
    };

    /// <summary>The code of a failure as it stands in a record.</summary>
    public static byte CodeOf(StoreException failure) => (byte)failure.Code;

    private static OperationRecord Decide(OperationRecord operation, WorkStatus status, Revision revision, ImmutableArray<OperationOutcome> outcomes)
    {
        operation.Status = status;
        operation.Revision = revision.Value;
        operation.Outcome = outcomes.IsDefaultOrEmpty ? default : outcomes[0];
        operation.OtherOutcome = outcomes.IsDefault || outcomes.Length < 2 ? default : outcomes[1];
        return operation;
    }
}
