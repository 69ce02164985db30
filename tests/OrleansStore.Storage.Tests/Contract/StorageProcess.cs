using OrleansStore.Consensus;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Contract;

/// <summary>One process that has storage open, of whatever kind.</summary>
internal sealed class StorageProcess(IReplicaStorage storage, AwaitedCompletions completions, Func<ValueTask> close) : IAsyncDisposable
{
    private ulong _lastToken;

    public IReplicaStorage Storage => storage;

    public AwaitedCompletions Completions => completions;

    /// <summary>Appends, and waits until it is durable.</summary>
    public async Task AppendAsync(IReplicaLog log, LogAppend append)
    {
        var token = ++_lastToken;
        Assert.Equal(AppendStatus.Queued, log.TryAppend(append, token));
        Assert.Null((await completions.WaitAsync(log.Writer, token)).Failure);
    }

    public async Task<OpenedReplica> OpenAsync(BucketId bucket)
    {
        var opened = await storage.OpenAsync(bucket, CancellationToken.None);
        await opened.Claim.WaitAsync(CancellationToken.None);
        return opened;
    }

    public async Task<SnapshotDescriptor> TakeSnapshotAsync(BucketId bucket, Revision revision, SnapshotMetadata metadata, ReadOnlyMemory<byte> content)
    {
        await using var writer = await storage.Snapshots.CreateAsync(bucket, revision, metadata, CancellationToken.None);
        await writer.WriteAsync(content, CancellationToken.None);
        return await writer.CommitAsync();
    }

    public async Task<byte[]> ReadSnapshotAsync(SnapshotDescriptor snapshot)
    {
        await using var reader = await storage.Snapshots.OpenAsync(snapshot, CancellationToken.None);
        using var content = new MemoryStream();
        var buffer = new byte[StorageOptions.SnapshotBlockBytes];
        for (var read = -1; read != 0;)
        {
            read = await reader.ReadAsync(buffer, CancellationToken.None);
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    public ValueTask DisposeAsync() => close();
}
