namespace OrleansStore.Storage.Log;

/// <summary>The part of a replica's writer that the log looks at under its lock.</summary>
internal interface ILogWriter
{
    BucketId Bucket { get; }

    WriterEpoch Writer { get; }

    /// <summary>Whether this is still the newest writer of its bucket.</summary>
    bool IsOpen { get; }
}
