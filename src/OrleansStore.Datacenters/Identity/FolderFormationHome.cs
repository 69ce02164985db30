using OrleansStore.Storage;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Folders;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Formation in a data folder: <c>formation.bin</c> beside the storage's <c>store.json</c>.</summary>
internal sealed class FolderFormationHome(IFileSystem files, DataFolder folder) : IFormationHome
{
    private readonly FormationFile _file = new(files, folder.Path);
    private bool _isParentSynced;

    public string RecordPath => _file.Path;

    public string HowToStartAnew => "remove the whole folder";

    public StoreIdentity? Identity => folder.Identity;

    public ValueTask<FormationRecord?> ReadAsync() => _file.ReadAsync();

    public async ValueTask WriteAsync(FormationRecord record)
    {
        await _file.WriteAsync(record);
        if (!_isParentSynced && FilePath.Parent(folder.Path) is { Length: > 0 } parent)
        {
            // The folder itself may have been created a moment ago.
            await files.SyncDirectoryAsync(parent);
        }

        _isParentSynced = true;
    }

    public ValueTask InitializeAsync(StoreIdentity identity) => folder.InitializeAsync(identity);
}
