namespace OrleansStore.Buckets.Commands;

/// <summary>One command of a bucket: the data of a log entry, decoded. Immutable.</summary>
public abstract class BucketCommand
{
    private protected BucketCommand(CommandKind kind, WallTime stamp)
    {
        if (!stamp.IsStorable)
        {
            throw new ArgumentOutOfRangeException(nameof(stamp), stamp, "The stamp cannot be stored.");
        }

        Kind = kind;
        Stamp = stamp;
    }

    /// <summary>What the command does.</summary>
    public CommandKind Kind { get; }

    /// <summary>The leader's wall-clock time when it proposed the command. The time applied is the latest stamp so far.</summary>
    public WallTime Stamp { get; }
}
