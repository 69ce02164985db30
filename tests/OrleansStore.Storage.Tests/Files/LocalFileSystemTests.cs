using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Files;

/// <summary>The production port, on the real disk.</summary>
public sealed class LocalFileSystemTests : IDisposable
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"ostore-{Environment.ProcessId}-{Guid.NewGuid():N}").Replace('\\', '/');

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact, Trait("Category", "Unit")]
    public async Task Storage_KeepsWhatWasAcknowledged_WhenOnTheRealDisk()
    {
        var identity = StorageHost.Identity;
        var bucket = new BucketId(4);
        for (var round = 1UL; round <= 3; round++)
        {
            using var scheduler = new DedicatedThreadScheduler("log");
            var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var recorder = new CompletionRecorder { Completed = _ => acknowledged.TrySetResult() };
            await using var folder = await DataFolder.OpenAsync(new LocalFileSystem(), _root + "/data/dc1");
            if (folder.Identity is null)
            {
                await folder.InitializeAsync(identity);
            }

            await using var storage = await FileReplicaStorage.OpenAsync(folder, new StorageOptions(), scheduler, TimeProvider.System, recorder);
            var (log, state, _) = await storage.OpenAsync(bucket, CancellationToken.None);
            Assert.Equal(round - 1, state.LastIndex.Value);
            Assert.Equal(round > 1, state.Snapshot is not null);

            var entry = new Entry(new Term(1), new LogIndex(round), EntryType.Normal, new byte[5]);
            Assert.Equal(AppendStatus.Queued, log.TryAppend(new LogAppend { Entries = new[] { entry } }, token: round));
            await acknowledged.Task;

            await using var writer = await storage.Snapshots.CreateAsync(
                bucket, new Revision(round), new SnapshotMetadata(new LogIndex(round), new Term(1), GroupConfig.Create([ReplicaId.Create(1, 1)])), CancellationToken.None);
            await writer.WriteAsync(new byte[100], CancellationToken.None);
            await writer.CommitAsync();
            Assert.Equal(DiskSpaceState.Ample, storage.Space);
        }

        Assert.Single(Directory.GetFiles(_root + "/data/dc1/snapshots/4"));
    }

    [Fact, Trait("Category", "Unit")]
    public async Task Lock_NamesTheHolder_WhenTheFolderIsInUse()
    {
        await using var folder = await DataFolder.OpenAsync(new LocalFileSystem(), _root);

        var exception = await Assert.ThrowsAsync<StoreException>(async () => await DataFolder.OpenAsync(new LocalFileSystem(), _root));

        Assert.Equal(ErrorCode.DataFolderInUse, exception.Code);
        Assert.Contains($"process {Environment.ProcessId}", exception.Message, StringComparison.Ordinal);
        await folder.DisposeAsync();
        await (await DataFolder.OpenAsync(new LocalFileSystem(), _root)).DisposeAsync();
    }

    [Fact, Trait("Category", "Unit")]
    public async Task File_BehavesAsThePortSays_WhenOnTheRealDisk()
    {
        var files = new LocalFileSystem();
        await files.CreateDirectoryAsync(_root + "/a/b");
        await using (var file = await files.OpenAsync(_root + "/a/b/x", FileOpenMode.Create))
        {
            await file.WriteAsync(10, new byte[] { 1, 2, 3 });
            await file.SyncAsync();
            await files.RenameAsync(_root + "/a/b/x", _root + "/a/b/y");
            await files.SyncDirectoryAsync(_root + "/a/b");
            var buffer = new byte[20];
            Assert.Equal(13, await file.ReadAsync(0, buffer));
            Assert.Equal([0, 1, 2, 3, 0], buffer[9..14]);
            await files.DeleteAsync(_root + "/a/b/y");
            await files.DeleteAsync(_root + "/a/b/y");
            Assert.Equal(13, await file.GetLengthAsync());
            await file.SetLengthAsync(11);
            Assert.Equal(1, await file.ReadAsync(10, buffer));
            Assert.Equal(0, await file.ReadAsync(11, buffer));
        }

        Assert.Empty(await files.ListAsync(_root + "/a/b"));
        Assert.Empty(await files.ListAsync(_root + "/none"));
        Assert.Equal(["b"], await files.ListAsync(_root + "/a"));
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await files.OpenAsync(_root + "/a/none", FileOpenMode.Read));
        await Assert.ThrowsAsync<IOException>(async () => await files.SyncDirectoryAsync(_root + "/none"));
        Assert.InRange((await files.GetSpaceAsync(_root)).AvailableBytes, 1, long.MaxValue);
    }
}
