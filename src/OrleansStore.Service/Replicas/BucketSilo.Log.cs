using Microsoft.Extensions.Logging;

namespace OrleansStore.Service.Replicas;

/// <content>What an operator is told. Never per request, and never what keys hold.</content>
public sealed partial class BucketSilo
{
    private readonly ILogger _logger;

    [LoggerMessage(1, LogLevel.Error, "Storage failed; every bucket of this datacenter stops until the process is restarted")]
    private partial void LogStorageFailed(Exception reason);

    [LoggerMessage(2, LogLevel.Error, "Bucket {Bucket} stops until the process is restarted")]
    private partial void LogBucketFailed(BucketId bucket, Exception reason);

    [LoggerMessage(3, LogLevel.Warning, "This datacenter does not lead: {Complaint}")]
    private partial void LogClockSkew(string complaint);

    [LoggerMessage(4, LogLevel.Information, "This datacenter leads again: its clock agrees with the others'")]
    private partial void LogClockAgrees();

    [LoggerMessage(5, LogLevel.Warning, "A snapshot of bucket {Bucket} was not taken; the bucket goes on and tries again")]
    private partial void LogSnapshotNotTaken(BucketId bucket, Exception reason);

    [LoggerMessage(6, LogLevel.Warning, "A payload of datacenter {Datacenter} was dropped")]
    private partial void LogBadPayload(DatacenterId datacenter, Exception reason);

    [LoggerMessage(7, LogLevel.Warning, "The transfer of a snapshot of bucket {Bucket} with datacenter {Datacenter} ended early; it is resumed when it is next wanted")]
    private partial void LogTransferEnded(BucketId bucket, DatacenterId datacenter, Exception reason);

    [LoggerMessage(8, LogLevel.Error, "Work in the background failed")]
    private partial void LogBackgroundFailed(Exception reason);

    [LoggerMessage(9, LogLevel.Warning, "Bucket {Bucket} could not be brought into memory; whatever asks for it next tries again: {Reason}")]
    private partial void LogBucketNotLoaded(BucketId bucket, string reason);

    [LoggerMessage(10, LogLevel.Information, "Bucket {Bucket} was taken over by another process of this datacenter")]
    private partial void LogBucketTaken(BucketId bucket);
}
