using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Contract;

/// <summary>The contract over files on a real disk.</summary>
public sealed class FileContractTests : StorageContract, IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("store-contract-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    internal override async Task<StorageProcess> StartAsync()
    {
        var folder = await DataFolder.OpenAsync(new LocalFileSystem(), _path);
        if (folder.Identity is null)
        {
            await folder.InitializeAsync(Identity);
        }

        var completions = new AwaitedCompletions();
        var thread = new DedicatedThreadScheduler("log of the contract");
        var options = new StorageOptions { MaxBatchBytes = 64 << 10, CopyBudgetBytes = 4096, MinReserveBytes = 0, ReservePercent = 0 };
        var storage = await FileReplicaStorage.OpenAsync(folder, options, thread, TimeProvider.System, completions);
        return new StorageProcess(storage, completions, async () =>
        {
            await storage.DisposeAsync();
            await folder.DisposeAsync();
            thread.Dispose();
        });
    }
}
