using OrleansStore.Storage.Files;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Reads and replaces <c>formation.bin</c> in a data folder that this process has locked.</summary>
internal sealed class FormationFile(IFileSystem files, string folder)
{
    private string Temporary => Path + ".tmp";

    public string Path { get; } = FilePath.Join(folder, FormationRecord.FileName);

    /// <summary>Reads the record; null where there is none.</summary>
    /// <exception cref="CorruptionException">The file is damaged.</exception>
    /// <exception cref="StoreException">Its format is newer.</exception>
    public async ValueTask<FormationRecord?> ReadAsync()
    {
        await files.DeleteAsync(Temporary);
        if (!(await files.ListAsync(folder)).Contains(FormationRecord.FileName))
        {
            return null;
        }

        await using var file = await files.OpenAsync(Path, FileOpenMode.Read);
        var length = await file.GetLengthAsync();
        if (length > FormationRecord.MaxBytes)
        {
            throw new CorruptionException(Path, 0, $"at most {FormationRecord.MaxBytes} bytes", $"{length}");
        }

        var bytes = new byte[length];
        var read = await file.ReadAsync(0, bytes);
        return FormationRecord.Decode(Path, bytes.AsSpan(0, read));
    }

    /// <summary>Replaces the record, atomically; durable on completion.</summary>
    /// <exception cref="IOException">The operating system failed; which of the two records is there is not known before the folder is opened anew.</exception>
    public async ValueTask WriteAsync(FormationRecord record)
    {
        await using (var file = await files.OpenAsync(Temporary, FileOpenMode.Create))
        {
            await file.WriteAsync(0, record.Encode());
            await file.SyncAsync();
        }

        await files.RenameAsync(Temporary, Path);
        await files.SyncDirectoryAsync(folder);
    }
}
