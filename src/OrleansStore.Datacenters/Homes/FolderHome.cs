using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Storage;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Log;

namespace OrleansStore.Datacenters.Homes;

/// <summary>A data folder of this machine, locked.</summary>
internal sealed partial class FolderHome : IDatacenterHome
{
    private readonly DatacenterOptions _options;
    private readonly DatacenterEnvironment _environment;
    private readonly ILogger _logger;
    private readonly DataFolder _folder;
    private DedicatedThreadScheduler? _logThread;
    private FileReplicaStorage? _storage;

    private FolderHome(DatacenterOptions options, DatacenterEnvironment environment, DataFolder folder)
    {
        _options = options;
        _environment = environment;
        _logger = environment.Logger;
        _folder = folder;
        Formation = new FolderFormationHome(environment.Files, folder);
    }

    public IFormationHome Formation { get; }

    /// <summary>Locks the folder.</summary>
    public static async ValueTask<FolderHome> OpenAsync(DatacenterOptions options, DatacenterEnvironment environment)
    {
        var folder = await DataFolder.OpenAsync(environment.Files, FilePath.Join(Path.GetFullPath(options.DataDirectory), options.Datacenter));
        return new FolderHome(options, environment, folder);
    }

    public async ValueTask<IReplicaStorage> OpenStorageAsync(ILogCompletions completions)
    {
        var scheduler = _environment.Scheduler ?? (_logThread = new DedicatedThreadScheduler($"log of {_options.Datacenter}"));
        _storage = await FileReplicaStorage.OpenAsync(_folder, _options.Storage, scheduler, _environment.Time, completions);
        if (_storage.TornTail is { } torn)
        {
            LogTornTail(_options.Datacenter, torn.ToString());
        }

        return _storage;
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is { } storage)
        {
            await storage.DisposeAsync();
        }

        await _folder.DisposeAsync();
        _logThread?.Dispose();
    }

    [LoggerMessage(2, LogLevel.Warning, "{Datacenter} cut off the end of its log, which a crash had left incomplete and nobody was promised: {Torn}")]
    private partial void LogTornTail(string datacenter, string torn);
}
