using System.CommandLine;
using OrleansStore.Client;

namespace OrleansStore.Cli.Commands;

/// <summary>What must hold of a record for a write of its key to happen.</summary>
internal sealed class ConditionOptions
{
    private readonly Option<ulong?> _revision = new("--if-revision") { Description = "Only if the record was last changed at this revision.", HelpName = "REVISION" };
    private readonly Option<bool> _exists = new("--if-exists") { Description = "Only if there is a record." };
    private readonly Option<bool>? _absent;

    public ConditionOptions(Command command, bool canBeAbsent)
    {
        command.Options.Add(_revision);
        command.Options.Add(_exists);
        if (canBeAbsent)
        {
            _absent = new Option<bool>("--if-absent") { Description = "Only if there is no record." };
            command.Options.Add(_absent);
        }
    }

    /// <exception cref="UsageException">There is more than one.</exception>
    public WriteCondition Read(ParseResult arguments)
    {
        var revision = arguments.GetValue(_revision);
        var exists = arguments.GetValue(_exists);
        var absent = _absent is not null && arguments.GetValue(_absent);
        if ((revision is null ? 0 : 1) + (exists ? 1 : 0) + (absent ? 1 : 0) > 1)
        {
            throw new UsageException("Of --if-revision, --if-exists and --if-absent only one can be given.");
        }

        return revision is { } value ? WriteCondition.RevisionIs(new Revision(value))
            : exists ? WriteCondition.Exists
            : absent ? WriteCondition.NotExists
            : WriteCondition.None;
    }
}
